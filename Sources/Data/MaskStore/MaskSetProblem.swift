import Diagnostics
import Files
import SystemPackage

/// Masks that are not one for each frame of a video.
package struct MaskSetProblem: Sendable, Equatable {
    let folder: FilePath
    /// What lacks, or cannot be used.
    let gaps: [String]
    /// What is too many.
    let excess: [String]
    /// Whether the run that makes them has not come to its end.
    let isUnfinished: Bool

    /// - Returns: nil when nothing lacks and nothing is too many.
    init?(_ folder: FilePath, gaps: [String] = [], excess: [String], isUnfinished: Bool = false) {
        guard !gaps.isEmpty || !excess.isEmpty else { return nil }
        self.folder = folder
        self.gaps = gaps
        self.excess = excess
        self.isUnfinished = isUnfinished
    }

    /// What a look at the names in a folder tells about the masks of a finished run.
    ///
    /// - Returns: nil when there is one mask for each frame, and no more; or when the folder cannot
    ///   be read.
    package init?(of folder: FilePath, _ manifest: MaskManifest) {
        guard let names = try? Folder.names(in: folder) else { return nil }
        let inventory = MaskInventory(names)
        self.init(
            folder,
            gaps: inventory.gaps(frameCount: manifest.frameCount),
            excess: inventory.excess(frameCount: manifest.frameCount),
            isUnfinished: !manifest.complete
        )
    }

    /// All that is wrong, in one line.
    package var text: String { (gaps + excess).joined(separator: "; ") }

    /// The error with which a command ends that has done what could be done.
    ///
    /// - Parameters:
    ///   - problems: one for each folder that has one.
    ///   - done: what was done all the same, as a sentence; nil for nothing.
    /// - Returns: nil without problems.
    package static func error(of problems: [MaskSetProblem], done: String?) -> EightCutError? {
        guard let first = problems.first else { return nil }
        let others = problems.dropFirst().map { "in \(quoted($0.folder.string)): \($0.text)" }
        return EightCutError(
            .inputUnusable,
            "cannot find one mask for each frame in",
            on: first.folder.string,
            because: ([first.text] + others).joined(separator: "; "),
            remedy: ((done.map { [$0] } ?? []) + advice(problems)).joined(separator: " ")
        )
    }

    private static func advice(_ problems: [MaskSetProblem]) -> [String] {
        var sentences: [String] = []
        if problems.contains(where: { $0.isUnfinished }) {
            sentences.append(
                "The run that makes the masks was interrupted: give its command again to finish it."
            )
        } else if problems.contains(where: { !$0.gaps.isEmpty }) {
            sentences.append("Make missing masks again with the same 8cut masks command.")
        }
        if problems.contains(where: { !$0.excess.isEmpty }) {
            sentences.append("Move away what is too many.")
        }
        return sentences
    }
}
