import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// Where shots truly begin, as data sets have it, and how many of them are found.
///
/// Two forms are read: a text with the first and the last frame of each shot in a line (RAI, BBC Planet
/// Earth as TransNetV2 distributes them), and ClipShots' JSON, which has the frames before and after each
/// change. A change is found if frames within two of it are (soCzech/TransNetV2, `evaluate_scenes`).
package enum ShotTruth {
    /// The frames around a change: the last one before it and the first one after it.
    package typealias Change = ClosedRange<Int>

    /// How many changes are found.
    package struct Score: Sendable, Equatable {
        package var changes = 0
        package var found = 0
        package var wrong = 0

        package init() {}

        package var precision: Double { Self.ratio(found, found + wrong) }
        package var recall: Double { Self.ratio(found, changes) }
        package var f1: Double {
            let sum = precision + recall
            return sum > 0 ? 2 * precision * recall / sum : 0
        }

        private static func ratio(_ part: Int, _ whole: Int) -> Double {
            whole > 0 ? Double(part) / Double(whole) : 1
        }

        package static func += (left: inout Score, right: Score) {
            left.changes += right.changes
            left.found += right.found
            left.wrong += right.wrong
        }
    }

    /// Frames that a change may be off.
    private static let tolerance = 2

    /// Counts the changes of a video that are found, each by another one.
    ///
    /// - Parameters:
    ///   - truth: ascending.
    ///   - document: the shots that were found.
    /// - Returns: the counts.
    package static func score(_ truth: [Change], _ document: ShotDocument) -> Score {
        let starts = document.shots.dropFirst().map(\.startFrame)
        var left = starts[...]
        var score = Score()
        score.changes = truth.count
        for change in truth {
            let first = change.lowerBound + 1 - tolerance
            let last = change.upperBound + tolerance
            while let start = left.first, start < first { left = left.dropFirst() }
            guard let start = left.first, start <= last else { continue }
            score.found += 1
            left = left.dropFirst()
        }
        score.wrong = starts.count - score.found
        return score
    }

    /// Reads the changes of all videos that a file is of.
    ///
    /// - Parameter path: a text of one video, or a JSON file of many.
    /// - Returns: the changes by the names of the videos, without their endings.
    /// - Throws: `EightCutError` when it has another form.
    package static func read(_ path: FilePath) throws -> [String: [Change]] {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: 256 << 20)
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
        if path.extension?.lowercased() == "json" { return try clipShots(bytes, path) }
        return [path.stem ?? "": try changes(ofScenes: bytes, path)]
    }

    private struct Entry: Decodable { let transitions: [[Int]] }

    private static func clipShots(_ bytes: [UInt8], _ path: FilePath) throws -> [String: [Change]] {
        guard let entries = try? JSONDecoder().decode([String: Entry].self, from: Data(bytes))
        else { throw unusable(path, "it is not JSON with transitions for each video") }
        var all: [String: [Change]] = [:]
        for (name, entry) in entries {
            all[FilePath(name).stem ?? name] = try entry.transitions.map { pair in
                guard pair.count == 2, pair[0] >= 0, pair[0] <= pair[1] else {
                    throw unusable(
                        path,
                        "a transition of \(quoted(name)) has no two frames in order"
                    )
                }
                return pair[0]...pair[1]
            }.sorted { $0.lowerBound < $1.lowerBound }
        }
        return all
    }

    private static func changes(ofScenes bytes: [UInt8], _ path: FilePath) throws -> [Change] {
        let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        var scenes: [(first: Int, last: Int)] = []
        for line in lines {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let numbers = words.map { Int(String(decoding: $0, as: UTF8.self)) }
            guard numbers.count == 2, let first = numbers[0], let last = numbers[1], first >= 0,
                first <= last, first > scenes.last?.last ?? -1
            else { throw unusable(path, "a line has no two frames that follow the line before") }
            scenes.append((first, last))
        }
        return zip(scenes, scenes.dropFirst()).map { $0.last...$1.first }
    }

    private static func unusable(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot use as true shots",
            on: path.string,
            because: why,
            remedy: "Give texts with the first and last frame of each shot, or ClipShots' JSON."
        )
    }
}
