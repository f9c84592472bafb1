/// Clips that are cut in one go, because they overlap: what they share is decoded once.
struct CutGroup: Sendable {
    /// Places of the clips in the list of all.
    let members: [Int]

    /// Parts clips into groups: same source, same settings, each beginning before the one before
    /// it is over.
    ///
    /// - Parameters:
    ///   - clips: all of them.
    ///   - width: groups that are cut side by side. One ffmpeg keeps few cores busy, so many cores
    ///     want small groups; and each encoder holds pictures in memory, so none is large.
    /// - Returns: the groups, by their first clips.
    static func make(_ clips: [PlannedClip], width: Int) -> [CutGroup] {
        let most = min(8, max(2, 16 / max(1, width)))
        var groups: [[Int]] = []
        let order = clips.indices.sorted {
            (clips[$0].plan.start, $0) < (clips[$1].plan.start, $1)
        }
        for index in order {
            let clip = clips[index]
            let place = groups.lastIndex { group in
                guard group.count < most, let last = group.last else { return false }
                let other = clips[last]
                return other.plan.source.path == clip.plan.source.path
                    && other.plan.settings == clip.plan.settings
                    && Double(clip.plan.start) / 1e9
                        < Double(other.plan.start) / 1e9 + other.plan.duration
            }
            if let place {
                groups[place].append(index)
            } else {
                groups.append([index])
            }
        }
        return groups.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.map { CutGroup(members: $0) }
    }
}
