import ClipLibrary
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// Verdicts in a JSON file, as the page for reviewing clips saves them.
package struct VerdictFile: Sendable, Equatable, Codable {
    package static let version = 1
    /// A hundred thousand verdicts.
    private static let mostBytes = 64 << 20

    /// A verdict on the masks of a clip.
    package struct Entry: Sendable, Equatable, Codable {
        /// The number of the clip in the library that the page was made from.
        package let clip: Int64
        /// The clip's path there.
        package let path: String
        /// Which masks; empty for a clip without masks.
        package let masksDigest: String
        package let verdict: Verdict
        /// In seconds since 1970.
        package let time: Double
        /// How the clip came up; nil for clips that the person has picked.
        package let draw: ClipVerdict.Draw?
        /// The score of the masks at that time.
        package let score: Double?
    }

    package let v: Int
    package let reviewer: String
    package let verdicts: [Entry]

    /// Reads a file.
    ///
    /// - Throws: `EightCutError` when it cannot be read, or is no file of verdicts.
    package init(readingFrom path: FilePath) throws {
        func unusable(_ why: String) -> EightCutError {
            EightCutError(
                .inputUnusable,
                "cannot read the verdicts",
                on: path.string,
                because: why,
                remedy: "Give a file that the page of 8cut review has saved."
            )
        }
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.mostBytes)
        } catch let error as Errno {
            throw EightCutError(
                error == .noSuchFileOrDirectory ? .inputMissing : .inputOutput,
                "cannot read the verdicts",
                on: path.string,
                because: error == .noSuchFileOrDirectory ? "there is no such file" : "\(error)"
            )
        }
        struct Head: Decodable { let v: Int }
        let data = Data(DecodedText.utf8(bytes))
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            throw unusable("it is no JSON document of verdicts")
        }
        guard head.v == Self.version else {
            throw unusable("it is of version \(head.v); this 8cut knows \(Self.version)")
        }
        do {
            self = try JSONDecoder().decode(VerdictFile.self, from: data)
        } catch {
            throw unusable("it is damaged: not every verdict has clip, path, verdict and time")
        }
        _ = try Reviewer(reviewer)
        let times = 0..<1e15
        guard
            verdicts.allSatisfy({
                times.contains($0.time) && (0...1).contains($0.score ?? 0)
                    && $0.masksDigest.utf8.count <= 200
            })
        else { throw unusable("it is damaged: it has a time or a score that cannot be") }
    }

    /// What became of the verdicts of a file.
    package struct Imported: Sendable, Equatable {
        /// On the latest masks of their clip.
        package var current = 0
        /// On masks that have been made again since: they are kept, but the clip is asked about anew.
        package var earlier = 0
        /// On clips that the library does not have, by their path.
        package var unknown: [String] = []
    }

    /// Records the verdicts. Clips are known by their masks, or else by number and path, so that another
    /// library's numbers do no harm.
    ///
    /// - Parameter library: the library.
    /// - Returns: what became of them.
    /// - Throws: `EightCutError` when the library cannot be read or written; then nothing is recorded.
    package func record(in library: Library) async throws -> Imported {
        var imported = Imported()
        var found: [ClipVerdict] = []
        for entry in verdicts {
            guard let (clip, isCurrent) = try await Self.clip(of: entry, in: library) else {
                imported.unknown.append(entry.path)
                continue
            }
            if isCurrent { imported.current += 1 } else { imported.earlier += 1 }
            found.append(
                ClipVerdict(
                    clip: clip,
                    entry.verdict,
                    by: try Reviewer(reviewer).name,
                    at: entry.time,
                    masksDigest: entry.masksDigest,
                    draw: entry.draw ?? .named,
                    score: entry.score
                )
            )
        }
        try await library.record(found)
        for path in try await library.publish(found.map(\.clip)) { DatasetFile.reportDamage(path) }
        return imported
    }

    private static func clip(
        of entry: Entry,
        in library: Library
    ) async throws -> (id: Int64, isCurrent: Bool)? {
        if !entry.masksDigest.isEmpty {
            let clips = try await library.clips(withMasks: entry.masksDigest)
            if let id = clips.first(where: { $0 == entry.clip }) ?? clips.first {
                return (id, true)
            }
        }
        guard let clip = try await library.clip(entry.clip), clip.isFinished,
            clip.path.isExactly(entry.path)
        else { return nil }
        let masks = try await library.reviews(of: [clip.id])[clip.id]?.masks
        return (clip.id, (masks?.digest ?? "").isExactly(entry.masksDigest))
    }
}
