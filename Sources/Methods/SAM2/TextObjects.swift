import Detection
import Files
import FoundationEssentials
import MaskPipeline
import MaskStore
import Prompts

/// The objects that texts name, as they were found in a video.
struct TextObjects: Sendable {
    private let findings: TextFindings
    private let identity: String
    /// All prompts, in pixels, as the text of a prompts file.
    let foundPrompts: String
    /// By frame and object, the boxes of what was detected.
    private let boxes: [Int: [Int: [[Double]]]]

    /// - Parameters:
    ///   - findings: of the search.
    ///   - prompts: all prompts of the run.
    ///   - identity: of the run.
    init(_ findings: TextFindings, _ prompts: ResolvedPrompts, identity: String) {
        self.findings = findings
        self.identity = identity
        foundPrompts = prompts.canonicalJSON
        var numbers: [String: [Int]] = [:]
        for object in findings.objects { numbers[object.text, default: []].append(object.object) }
        var boxes: [Int: [Int: [[Double]]]] = [:]
        for thing in findings.all {
            // Which of several things of a text is which, only the tracker knows.
            for number in numbers[thing.text] ?? [] {
                boxes[thing.frame, default: [:]][number, default: []].append(thing.box)
            }
        }
        self.boxes = boxes
    }

    /// The boxes of what was detected on a frame, by object.
    func boxes(on frame: Int) -> [Int: [[Double]]] { boxes[frame] ?? [:] }

    /// What was detected, for the manifest: the objects, and the scores of all candidates of every
    /// frame that was looked at.
    var described: JSONValue {
        let objects = findings.objects.map { thing -> JSONValue in
            let sounds = findings.sounds(thing).map { ["sounds": JSONValue.string($0)] } ?? [:]
            return .object(
                [
                    "object": .integer(thing.object), "text": .string(thing.text),
                    "query": .string(thing.query), "frame": .integer(thing.frame),
                    "box": .array(thing.box.map(JSONValue.number)), "score": .number(thing.score),
                    "logit": .number(thing.logit), "objectness": .number(thing.objectness),
                ].merging(sounds) { own, _ in own }
            )
        }
        let frames = findings.frames.map { frame -> JSONValue in
            let texts = zip(findings.texts, frame.candidates).map { text, candidates -> JSONValue in
                let scores = candidates.map { (Double($0.score) * 1e6).rounded() / 1e6 }
                return .object([
                    "text": .string(text.words), "scores": .array(scores.map(JSONValue.number)),
                ])
            }
            return .object(["frame": .integer(frame.frame), "texts": .array(texts)])
        }
        return .object(["objects": .array(objects), "frames": .array(frames)])
    }

    /// Keeps the findings, so that a run that resumes starts from the very same boxes.
    ///
    /// - Throws: `EightCutError` when they cannot be written.
    func write(to workspace: Workspace) throws {
        let kept = KeptFindings(findings, identity: identity)
        try workspace.write(kept.content, to: .found, isDurable: true)
    }
}
