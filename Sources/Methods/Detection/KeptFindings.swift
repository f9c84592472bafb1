import Detection
import Diagnostics
import Files
import FoundationEssentials
import MaskPipeline
import MaskStore
import Prompts

/// What a detector has found, in a file of the workspace, so that a run that resumes starts from the
/// very same boxes.
package struct KeptFindings: Sendable, Equatable, Codable {
    private let identity: String
    package let frames: [FrameFindings]
    /// What was decided by the audio, by text; nil in files of earlier versions.
    package let decisions: [String: TextFindings.AudioDecision]?
    /// More bytes than the candidates of a long list of frames have.
    private static let limit = 64 << 20

    /// - Parameters:
    ///   - findings: to be kept.
    ///   - identity: of the run.
    init(_ findings: TextFindings, identity: String) {
        self.identity = identity
        frames = findings.frames
        decisions = findings.decisions
    }

    /// Reads what an interrupted run has left; nil where that is nothing, damaged, or another run's.
    init?(_ preparation: MaskPreparation, _ texts: [SearchedText]) {
        guard let bytes = preparation.kept?.read(.found, limit: Self.limit) else { return nil }
        self.init(
            bytes,
            identity: preparation.identity,
            size: (preparation.stream.width, preparation.stream.height),
            texts
        )
    }

    /// Reads the content of a file; nil where it is of another run, or makes no sense. A digest does not
    /// keep others from writing one, so that it is checked whether it can be one of this program.
    ///
    /// - Parameters:
    ///   - bytes: JSON.
    ///   - identity: of the run.
    ///   - size: columns and rows of the video.
    ///   - texts: what is looked for.
    package init?(
        _ bytes: [UInt8],
        identity: String,
        size: (width: Int, height: Int),
        _ texts: [SearchedText]
    ) {
        guard let kept = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            kept.identity.isExactly(identity), !kept.frames.isEmpty,
            Set(kept.frames.map(\.frame)).count == kept.frames.count,
            kept.frames.allSatisfy({ $0.isSound(size, texts) })
        else { return nil }
        self = kept
    }

    /// The content of a file.
    package var content: [UInt8] {
        get throws { Array(try JSONText.line(self).utf8) }
    }
}

extension FrameFindings {
    /// Whether it can be what was found in such a video.
    fileprivate func isSound(
        _ size: (width: Int, height: Int),
        _ texts: [SearchedText]
    ) -> Bool {
        Prompt.frames.contains(frame) && candidates.count == texts.count
            && zip(candidates, texts).allSatisfy { candidates, text in
                candidates.allSatisfy { candidate in
                    text.queries.indices.contains(candidate.query)
                        && (0...1).contains(candidate.score) && candidate.logit.isFinite
                        && candidate.objectness.isFinite && candidate.box.area > 0
                        && candidate.box
                            == candidate.box.clipped(width: size.width, height: size.height)
                }
            }
    }
}
