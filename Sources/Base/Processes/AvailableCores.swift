import CProcess
import Diagnostics
import Files
import SystemPackage

/// How many cores this process has to itself: on a machine that it shares, fewer than there are.
///
/// A queue such as Slurm allots cores by the process's affinity, a container engine (`docker run
/// --cpus`, the limits of a Kubernetes pod) by the quota of a control group.
package enum AvailableCores {
    /// Hardware threads; at least 1. What waits for files and other programs now and then, such as
    /// decoding, has use for all of them.
    package static let count = count(
        affinity: Int(process_limits_core_count()),
        groups: text("/proc/self/cgroup"),
        read: text
    )

    /// Cores, of which each counts once, however many hardware threads it has (SMT). Threads of one
    /// core share its arithmetic units, so matrix products gain nothing from more threads than
    /// cores; at least 1.
    package static let physicalCount = physicalCount(
        of: count,
        status: text("/proc/self/status"),
        read: text
    )

    /// - Parameters:
    ///   - affinity: how many hardware threads the process may run on.
    ///   - groups: what /proc/self/cgroup holds; nil when it cannot be read.
    ///   - read: the text of a file; nil when it cannot be read.
    /// - Returns: at least 1.
    package static func count(
        affinity: Int,
        groups: String?,
        read: (FilePath) -> String?
    ) -> Int {
        ControlGroups(groups).groups(of: "cpu").compactMap { quota(of: $0, read) }
            .reduce(max(1, affinity)) { count, quota in
                // A quota beyond any machine is none.
                quota < Double(count) ? min(count, max(1, Int(quota.rounded(.up)))) : count
            }
    }

    /// - Parameters:
    ///   - count: how many hardware threads the process has, by affinity and quota.
    ///   - status: what /proc/self/status holds; nil when it cannot be read.
    ///   - read: the text of a file; nil when it cannot be read.
    /// - Returns: `count`, or the number of cores that the process may run on where that is less.
    package static func physicalCount(
        of count: Int,
        status: String?,
        read: (FilePath) -> String?
    ) -> Int {
        let label = "Cpus_allowed_list:"
        let line = (status ?? "").split(exactly: "\n").first { $0.hasPrefix(exactly: label) }
        let allowed = line.map { numbers(String($0.removing(prefix: label) ?? "")) } ?? []
        guard !allowed.isEmpty else { return count }
        let cores = allowed.map { number in
            let folder = FilePath("/sys/devices/system/cpu/cpu\(number)/topology")
            // The second is the first's name before Linux 5.2. Either lists the threads of a core.
            let text =
                read(folder.appending("core_cpus_list"))
                ?? read(folder.appending("thread_siblings_list"))
            return text.flatMap { numbers($0).min() } ?? number
        }
        return max(1, min(count, Set(cores).count))
    }

    /// The numbers of a list such as "0-3,8" (Linux, Documentation/admin-guide/cputopology.rst);
    /// none where it is no such list.
    private static func numbers(_ text: String) -> [Int] {
        var found: [Int] = []
        for part in text.trimmed.split(exactly: ",") {
            let ends = part.divided(atFirst: "-") ?? (part, part)
            guard let first = Int(String(ends.0)), let last = Int(String(ends.1)),
                (0...last).contains(first), last < 1 << 16
            else { return [] }
            found += first...last
        }
        return found
    }

    /// In hardware threads; nil where there is no limit.
    private static func quota(
        of group: ControlGroups.Group,
        _ read: (FilePath) -> String?
    ) -> Double? {
        if group.isUnified {
            // "200000 100000": microseconds of processor time in each period; "max" where there is
            // no limit.
            guard let text = read(group.folder.appending("cpu.max")),
                let (time, period) = text.divided(atFirst: " ")
            else { return nil }
            return quota(microseconds: String(time), each: String(period))
        }
        // A quota of -1 is none (Linux, Documentation/scheduler/sched-bwc.rst).
        guard let time = read(group.folder.appending("cpu.cfs_quota_us")),
            let period = read(group.folder.appending("cpu.cfs_period_us"))
        else { return nil }
        return quota(microseconds: time, each: period)
    }

    private static func quota(microseconds time: String, each period: String) -> Double? {
        let numbers = [time, period].map { Double(String($0.trimmed)) ?? 0 }
        return numbers.allSatisfy { $0 > 0 } ? numbers[0] / numbers[1] : nil
    }

    static func text(_ path: FilePath) -> String? {
        (try? SmallFile.read(path, limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
    }
}
