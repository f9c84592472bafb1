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
            .object([
                "object": .integer(thing.object), "text": .string(thing.text),
                "query": .string(thing.query), "frame": .integer(thing.frame),
                "box": .array(thing.box.map(JSONValue.number)), "score": .number(thing.score),
                "logit": .number(thing.logit), "objectness": .number(thing.objectness),
            ])
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
        let kept = KeptFindings(identity: identity, frames: findings.frames)
        try workspace.write(Array(try JSONText.line(kept).utf8), to: .found, isDurable: true)
    }
}

/// What a detector has found, in a file.
struct KeptFindings: Codable {
    private let identity: String
    let frames: [FrameFindings]
    /// More bytes than the candidates of a long list of frames have.
    private static let limit = 64 << 20

    init(identity: String, frames: [FrameFindings]) {
        self.identity = identity
        self.frames = frames
    }

    /// Reads what an interrupted run has left; nil where that is nothing, damaged, or another run's.
    init?(_ preparation: MaskPreparation, _ texts: [SearchedText]) {
        guard let bytes = preparation.kept?.read(.found, limit: Self.limit),
            let kept = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            kept.identity == preparation.identity, !kept.frames.isEmpty,
            kept.frames.allSatisfy({ $0.isSound(preparation, texts) })
        else { return nil }
        self = kept
    }
}

extension FrameFindings {
    /// Whether it can be one of this program: a digest does not keep others from writing a file.
    fileprivate func isSound(_ preparation: MaskPreparation, _ texts: [SearchedText]) -> Bool {
        let (width, height) = (preparation.stream.width, preparation.stream.height)
        return Prompt.frames.contains(frame) && candidates.count == texts.count
            && zip(candidates, texts).allSatisfy { candidates, text in
                candidates.allSatisfy { candidate in
                    text.queries.indices.contains(candidate.query)
                        && (0...1).contains(candidate.score)
                        && candidate.box == candidate.box.clipped(width: width, height: height)
                }
            }
    }
}
