import Detection
import Diagnostics
import Methods
import Prompts
import TestSupport
import Testing

/// What a search by texts has left for the run that resumes. A digest follows it, which whoever
/// writes such a file can make as well.
@Suite struct FoundFileTests {
    private static let size = (width: 160, height: 90)

    private let texts: [SearchedText]

    init() throws {
        texts = [
            try SearchedText("dog barking"), try SearchedText("francolin calling", object: 3),
        ]
    }

    private static let example = """
        {"identity":"sam 12 text=dog","decisions":{"dog barking":"first","francolin calling":"unsure"},
        "frames":[
        {"frame":12,"candidates":[
          [{"box":{"x0":10,"y0":20.5,"x1":60,"y1":90},"query":0,"score":0.5,"logit":0,"objectness":1},
           {"box":{"x0":80,"y0":0,"x1":160,"y1":50},"query":0,"score":0.4,"logit":-0.4,"objectness":2}],
          [{"box":{"x0":0,"y0":0,"x1":1,"y1":1},"query":1,"score":0.3,"logit":-0.5,"objectness":0}]]},
        {"frame":2,"candidates":[
          [{"box":{"x0":11,"y0":20,"x1":61,"y1":88},"query":0,"score":1,"logit":9,"objectness":-1}],
          []]}
        ]}
        """

    private func findings(_ kept: KeptFindings) -> TextFindings {
        TextFindings(
            texts,
            kept.frames,
            threshold: 0.2,
            count: .best(2),
            decisions: kept.decisions ?? [:]
        )
    }

    private func read(_ bytes: [UInt8]) -> KeptFindings? {
        KeptFindings(bytes, identity: "sam 12 text=dog", size: Self.size, texts)
    }

    @Test func theExampleIsRead() throws {
        let kept = try #require(read(Array(Self.example.utf8)))
        let objects = findings(kept).objects
        #expect(objects.map(\.object) == [1, 3])
        #expect(objects.map { findings(kept).sounds($0) } == ["yes", "unsure"])
    }

    /// Whatever is accepted becomes prompts inside the video, and is kept as the same.
    @Test func foundFiles() throws {
        try HostileInputs("found", texts: [Self.example]).run { input in
            guard let kept = read(input.bytes) else { return }
            let findings = findings(kept)
            for thing in findings.objects + findings.all {
                #expect(thing.isSound(width: Self.size.width, height: Self.size.height))
                #expect((0...1).contains(thing.score))
                _ = (findings.boxes(of: thing), findings.sounds(thing))
            }
            let prompts = try PromptList(findings.objects).resolve(
                width: Self.size.width,
                height: Self.size.height
            )
            #expect(!prompts.canonicalJSON.isEmpty)
            let again = try #require(read(kept.content))
            #expect(again == kept)
        }
    }

    @Test(arguments: [
        ("\"identity\":\"sam 12", "\"identity\":\"sam 13"), ("\"frame\":2", "\"frame\":12"),
        ("\"frame\":2", "\"frame\":-1"), ("\"x0\":10", "\"x0\":-1"), ("\"x0\":10", "\"x0\":60"),
        ("\"y1\":90", "\"y1\":91"), ("\"query\":1", "\"query\":2"), ("0.4,\"logit", "1.4,\"logit"),
        ("\"logit\":9", "\"logit\":1e39"), ("\"objectness\":-1", "\"objectness\":1e400"),
        ("\"first\"", "\"second\""),
    ])
    func whatCannotBeIsNotRead(_ part: String, _ other: String) {
        let text = Self.example.replacing(exactly: part, with: other)
        #expect(text != Self.example && read(Array(text.utf8)) == nil)
    }
}
