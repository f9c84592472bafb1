import DesktopModel
import Detection
import Diagnostics
import Testing

/// How the object of a clip is searched, and what is read of the answer.
@Suite struct ObjectSearchTests {
    @Test func withoutALabelOrADetectorItIsMotion() throws {
        func search(_ label: String?, _ tools: Bool = true, _ names: [String] = []) -> ObjectSearch
        {
            ObjectSearch(label: label, toolsAreInstalled: tools, downloaded: names)
        }
        let both = ["depth-anything-v2-small", "owlv2-large", "owlv2-base"]
        #expect(search("dog barking", true, both) == .label("dog barking", detector: "owlv2-base"))
        #expect(
            search("dog", true, ["owlv2-large"]) == .label("dog", detector: "owlv2-large")
        )
        for (other, because) in [
            (search(nil, true, both), ObjectSearch.Obstacle.label(.empty)),
            (search(" ", true, both), .label(.empty)),
            (search("犬", true, both), .label(.notEnglish)),
            (search("thunder", true, both), .label(.noThing)),
            (search("dog barking", false, both), .noTools),
            (search("dog barking", true, ["sam2.1-hiera-tiny"]), .noDetector),
        ] {
            #expect(other == .motion(because: because))
            #expect(other.text.contains("by motion: "))
        }
    }

    @Test func numbersStayWithinTheClip() throws {
        func objects(_ objects: String) throws -> [FoundObject] {
            try FoundObject.list(
                json: #"{"v":1,"candidates":[\#(objects)]}"#,
                of: "a.mp4",
                size: (160, 90),
                lastFrame: 79
            )
        }
        let odd = #"{"frame":500,"point":[1e9,-5],"box":[-10,80,1e300,95],"score":7}"#
        let far = try #require(try objects(odd).first)
        #expect(far.frame == 79)
        #expect(far.score == 1)
        #expect(
            far.kinds == [
                .point(x: 159, y: 0, isPositive: true),
                .box(left: 0, top: 80, right: 160, bottom: 90),
            ]
        )
        let flat = #"{"frame":0,"point":[5,5],"box":[9,9,3,3],"score":0.2}"#
        #expect(try objects(flat).map(\.kinds) == [[.point(x: 5, y: 5, isPositive: true)]])
        #expect(try objects("") == [])
        // As many as there are digits.
        #expect(try objects(Array(repeating: flat, count: 12).joined(separator: ",")).count == 9)
        for other in [#"{"frame":0}"#, #"{"frame":0,"point":[5],"box":[9,9,3,3],"score":0.2}"#] {
            #expect {
                try objects(other)
            } throws: {
                ($0 as? EightCutError)?.code == .toolFailed
            }
        }
    }
}
