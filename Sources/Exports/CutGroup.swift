import Clips

/// Clips that are cut in one go, because they overlap: what they share is decoded once.
struct CutGroup: Sendable {
    /// Places of the clips in the list of all.
    let members: [Int]

    /// Encoders that run in one go, at most: each holds pictures in memory.
    private static let most = 8

    /// Parts clips into groups: same source, same settings, each beginning before the one before
    /// it is over.
    static func make(_ clips: [PlannedClip]) -> [CutGroup] {
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
