import Diagnostics
import Prompts
import SystemPackage
import TestSupport
import Testing

/// Prompts held against a video of 640x360.
@Suite struct ResolvingTests {
    private func resolve(_ list: PromptList, frames: Int? = nil) throws -> ResolvedPrompts {
        try list.resolve(width: 640, height: 360, frameCount: frames)
    }

    private func point(_ x: Double, _ y: Double, _ isPositive: Bool = true) -> PixelPoint {
        PixelPoint(x: x, y: y, isPositive: isPositive)
    }

    @Test func theMiddleOfTheFirstFrameIsMeantWhenNothingIsSaid() throws {
        let centre = ResolvedPrompts.centre(width: 641, height: 361)
        #expect(centre.objects.map(\.number) == [1] && centre.objects[0].frames.count == 1)
        #expect(input(centre) == .marks(box: nil, points: [point(320, 180)]))
        #expect(try PromptList().resolve(width: 641, height: 361) == centre)
        #expect(try list(points: ["320,180"]).resolve(width: 641, height: 361) == centre)
    }

    @Test func objectsAndFramesComeInOrder() throws {
        let prompts = try resolve(
            list(
                points: ["0.5w,0.5h@9#3", "1,2@4#3", "3,4@9#3", "5,6,-@9#3", "7,8#1"],
                boxes: ["0,0,1w,1h@9#3", "1.5,2,0.5w,3.25@2#200"]
            ),
            frames: 10
        )
        #expect(prompts.objects.map(\.number) == [1, 3, 200])
        #expect(prompts.objects[1].frames.map(\.frame) == [4, 9])
        #expect(
            input(prompts, object: 3, frame: 9)
                == .marks(
                    box: PixelBox(x0: 0, y0: 0, x1: 640, y1: 360),
                    points: [point(3, 4), point(320, 180), point(5, 6, false)]
                )
        )
        #expect(
            input(prompts, object: 200, frame: 2)
                == .marks(box: PixelBox(x0: 1.5, y0: 2, x1: 320, y1: 3.25), points: [])
        )
    }

    @Test func orderAndRepetitionDoNotMatter() throws {
        let one = try list(points: ["1,2", "320,180", "5,6,-"], boxes: ["0,0,320,180@3"])
        let other = try list(
            points: ["5,6,-", "0.5w,0.5h", "1,2", "320,180", "5,6,-"],
            boxes: ["0,0,0.5w,0.5h@3", "0,0,320,180@3"]
        )
        #expect(try resolve(one) == resolve(other))
        #expect(try resolve(one).fingerprint == resolve(other).fingerprint)
    }

    @Test(arguments: [
        ("640,0", "x is 640, and the frame is 640 pixels wide"),
        ("1.0w,0", "x is 1w, which is 640, and the frame is 640 pixels wide"),
        ("0,360", "y is 360, and the frame is 360 pixels high"),
        ("-0.001,0", "x is -0.001"), ("0,-1", "y is -1"), ("0,1h", "y is 1h, which is 360"),
        ("1e308w,0", "x is 1e+308w, which is inf"),
    ])
    func pointsOutsideTheFrame(text: String, why: String) throws {
        let error = try failure { try resolve(list(points: [text])) }
        #expect(error?.code == .usage && error?.subject == "--point \(text)")
        #expect(error?.why == nil || error?.why.hasPrefix("it is outside the frame: ") == true)
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
        #expect(error?.remedy?.contains("from 0") == true)
    }

    @Test func theEdgesAreInside() throws {
        let prompts = try resolve(list(points: ["0,0", "639.99,359.99", "-0,3"]))
        #expect(
            input(prompts)
                == .marks(box: nil, points: [point(0, 0), point(0, 3), point(639.99, 359.99)])
        )
    }

    @Test(arguments: [
        ("10,10,10,20", "the box has no area: x0 is 10 and x1 is 10"),
        ("0.5w,10,20,20", "the box has no area: x0 is 320 and x1 is 20"),
        ("10,30,20,20", "the box has no area: y0 is 30 and y1 is 20"),
        ("-1,0,5,5", "outside the frame: x0 is -1"), ("0,-1,5,5", "outside the frame: y0 is -1"),
        ("0,0,640.5,5", "outside the frame: x1 is 640.5"),
        ("0,0,5,1.01h", "outside the frame: y1 is 1.01h, which is 363.6"),
    ])
    func boxesThatAreNone(text: String, why: String) throws {
        let error = try failure { try resolve(list(boxes: [text])) }
        #expect(error?.code == .usage && error?.subject == "--box \(text)")
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
        #expect(error?.remedy?.isEmpty == false)
    }

    @Test func framesBehindTheEnd() throws {
        let prompts = try list(points: ["1,2@9", "1,2@10"])
        #expect(try resolve(prompts, frames: 11).objects[0].frames.count == 2)
        #expect(try resolve(prompts).objects[0].frames.count == 2)
        for error in [
            try failure { try resolve(prompts, frames: 10) },
            try failure { try prompts.check(frameCount: 10) },
        ] {
            #expect(error?.code == .usage && error?.subject == "--point 1,2@10")
            #expect(error?.why == "it is on frame 10, and the video has 10 frames: 0 to 9")
        }
        let single = try failure { try prompts.check(frameCount: 1) }
        #expect(single?.subject == "--point 1,2@9")
        #expect(single?.why == "it is on frame 9, and the video has one frame, which is 0")
    }

    @Test func anErrorInAFileHasItsLine() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "{\"v\": 1, \"prompts\": [\n{\"point\": [1, 2]},\n{\"point\": [700, 2]}]}",
            to: "prompts.json"
        )
        let error = try failure { try resolve(PromptList(file: file)) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.subject == "\(file), prompt 2 (line 3)")
        #expect(error?.why.hasPrefix("it is outside the frame: x is 700") == true)
    }

    @Test func fingerprintsAreFilesOfPrompts() throws {
        let prompts = try resolve(list(points: ["1.5,0.5h,-", "3,4"], boxes: ["0,0,1w,1h@3#2"]))
        let text =
            #"{"prompts":[{"frame":0,"label":1,"object":1,"point":[3,4]},"#
            + #"{"frame":0,"label":0,"object":1,"point":[1.5,180]},"#
            + #"{"box":[0,0,640,360],"frame":3,"object":2}],"v":1}"#
        #expect(prompts.fingerprint == text && prompts.canonicalJSON == text)
        let folder = try TemporaryFolder()
        let again = try PromptList(file: folder.write(text, to: "prompts.json"))
        #expect(try resolve(again) == prompts)

        let many = try resolve(list(points: (0..<100).map { "\($0),0" }))
        #expect(many.fingerprint.hasPrefix("sha256:") && many.fingerprint.count == 71)
        #expect(
            many.fingerprint == (try resolve(list(points: (0..<100).map { "\($0),0" }))).fingerprint
        )
        #expect(
            many.fingerprint != (try resolve(list(points: (0..<99).map { "\($0),0" }))).fingerprint
        )
    }
}
