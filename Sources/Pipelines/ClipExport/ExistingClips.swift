import ClipLibrary
import Diagnostics
import Files
import FoundationEssentials
import Progress
import SystemPackage

/// Finds the clips of a list that an earlier export has made, so that a list that was stopped is
/// finished by giving it again.
///
/// A clip is there when the library has one of the same video, start, length, settings and name in
/// the folder, and its file is whole. Each stands for one row: rows that are equal are as many clips.
struct ExistingClips: Sendable {
    let library: Library
    let folder: FilePath

    /// A clip of the list that need not be cut.
    struct Match: Sendable {
        let clip: LibraryClip
        /// Whether another run is exporting it now.
        let isUnderWay: Bool
    }

    /// Looks for the clips of requests that may be left out.
    ///
    /// - Parameter planned: the clips of every request.
    /// - Returns: what is there, in the same order; nil for what has to be cut.
    /// - Throws: `EightCutError` when the library cannot be read.
    func find(_ planned: [[PlannedClip]]) async throws -> [[Match?]] {
        var found = planned.map { [Match?](repeating: nil, count: $0.count) }
        guard planned.joined().contains(where: \.request.skipsExisting) else { return found }
        var taken: Set<Int64> = []
        var records: [FilePath: [LibraryClip]] = [:]
        // Of rows that differ in their labels only, each finds its own clip.
        for wantsLabel in [true, false] {
            for (row, clips) in planned.enumerated() {
                for (sibling, clip) in clips.enumerated()
                where clip.request.skipsExisting && found[row][sibling] == nil {
                    let source = clip.plan.source.path
                    let known: [LibraryClip]
                    if let read = records[source] {
                        known = read
                    } else {
                        let file = try FileFingerprint(of: source)
                        known = try await library.clips(of: file, inFolder: folder)
                        records[source] = known
                    }
                    for record in known where !taken.contains(record.id) {
                        guard let match = match(clip, sibling, record, wantsLabel) else { continue }
                        taken.insert(record.id)
                        found[row][sibling] = match
                        break
                    }
                }
            }
        }
        return found
    }

    /// What is said about the clips that are left out; nil when there are none.
    static func note(_ planned: [[PlannedClip]], _ found: [[Match?]]) -> String? {
        let matches = found.joined().compactMap(\.self)
        guard !matches.isEmpty else { return nil }
        let total = planned.joined().count
        let busy = matches.count(where: \.isUnderWay)
        var parts: [String] = []
        if matches.count > busy {
            parts.append("\(matches.count - busy) of \(counted(total, "clip")) are there already")
        }
        if busy > 0 {
            parts.append("\(busy) of \(counted(total, "clip")) are being exported by another run")
        }
        let other = zip(planned.joined(), found.joined()).compactMap { clip, match in
            match.flatMap { clip.hasLabels(of: $0.clip.info) ? nil : $0.clip.id }
        }
        var note = parts.joined(separator: "; ") + "."
        if !other.isEmpty {
            let numbers = other.prefix(10).map { "\($0)" }.joined(separator: ", ")
            note +=
                " \(other.count == 1 ? "Clip" : "Clips") \(numbers)\(other.count > 10 ? ", …" : "") "
                + "\(other.count == 1 ? "has" : "have") another label or category than the list: "
                + "8cut library relabel changes that."
        }
        return note
    }

    private func match(
        _ clip: PlannedClip,
        _ sibling: Int,
        _ record: LibraryClip,
        _ wantsLabel: Bool
    ) -> Match? {
        let isUnderWay = record.hash == nil
        guard let name = FilePath(record.path).lastComponent?.string,
            let number = ClipName.number(of: name, name: clip.request.name),
            clip.request.stem(number, sibling).isExactly(ClipName.stem(of: name)),
            clip.plan.isSame(as: record.info), !wantsLabel || clip.hasLabels(of: record.info),
            isUnderWay ? record.isBeingCut : isWhole(record)
        else { return nil }
        return Match(clip: record, isUnderWay: isUnderWay)
    }

    private func isWhole(_ record: LibraryClip) -> Bool {
        guard let file = try? FileFingerprint(of: FilePath(record.path)) else { return false }
        return file.bytes == record.bytes && file.headAndTailSHA256 == record.hash
    }
}

extension PlannedClip {
    fileprivate func hasLabels(of info: ClipInfo) -> Bool {
        (request.label ?? "").isExactly(info.label ?? "")
            && (request.category ?? "").isExactly(info.category ?? "")
    }
}

extension ExportRequest {
    /// The name of one of the clips, without its ending.
    func stem(_ number: Int, _ sibling: Int) -> String {
        ClipName.stem(name, number, sibling: siblings > 0 ? sibling : nil)
    }
}

extension CutPlan {
    /// Whether a clip of the same video holds what this one would.
    func isSame(as info: ClipInfo) -> Bool {
        // The decoder may give the first frame another timestamp, but not that of its neighbour.
        let halfFrame = Int(5e8 / frameRate.value)
        return abs(start - info.start) < halfFrame && frameCount == info.frameCount
            && frameRate.description.isExactly(info.frameRate)
            && size == FrameSize(width: info.width, height: info.height)
            && audio?.sampleRate == info.sampleRate && audio?.sampleCount == info.sampleCount
            && settings.areSame(as: info)
    }
}

extension CutSettings {
    /// Whether a clip was cut with these settings, whatever its length.
    func areSame(as info: ClipInfo) -> Bool {
        guard
            let other = try? JSONDecoder().decode(
                CutSettings.self,
                from: Data(info.settings.utf8)
            )
        else { return false }
        return withoutLength == other.withoutLength
    }

    /// What a clip's frame and sample counts show is left out.
    private var withoutLength: CutSettings {
        var settings = self
        (settings.duration, settings.allowsShort) = (.one, false)
        return settings
    }
}

/// "1 clip", "2 clips".
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)" + (count == 1 ? "" : "s")
}
