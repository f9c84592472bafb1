import CProcess
import Diagnostics
import Files
import SystemPackage

/// How many cores this process has to itself: on a machine that it shares, fewer than there are.
///
/// A queue such as Slurm allots cores by the process's affinity, a container engine (`docker run
/// --cpus`, the limits of a Kubernetes pod) by the quota of a control group.
package enum AvailableCores {
    /// At least 1.
    package static let count = count(
        affinity: Int(process_limits_core_count()),
        groups: text("/proc/self/cgroup"),
        read: text
    )

    /// - Parameters:
    ///   - affinity: how many cores the process may run on.
    ///   - groups: what /proc/self/cgroup holds; nil when it cannot be read.
    ///   - read: the text of a file; nil when it cannot be read.
    /// - Returns: at least 1.
    package static func count(
        affinity: Int,
        groups: String?,
        read: (FilePath) -> String?
    ) -> Int {
        let found = (groups ?? "").split(exactly: "\n").flatMap { line -> [Double] in
            // hierarchy:controllers:path (cgroups(7)).
            guard let (_, rest) = line.divided(atFirst: ":"),
                let (controllers, name) = rest.divided(atFirst: ":")
            else { return [] }
            let path = FilePath(String(name))
            if controllers.isEmpty {
                return quotas(of: path, in: "/sys/fs/cgroup") { quota(ofUnified: $0, read) }
            }
            guard controllers.split(exactly: ",").contains(where: { $0.isExactly("cpu") }) else {
                return []
            }
            return ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"].flatMap {
                quotas(of: path, in: $0) { quota(ofLegacy: $0, read) }
            }
        }
        return found.reduce(max(1, affinity)) { count, quota in
            min(count, max(1, Int(quota.rounded(.up))))
        }
    }

    /// The quotas of a group and of those above it: each holds for all below.
    private static func quotas(
        of path: FilePath,
        in root: FilePath,
        quota: (FilePath) -> Double?
    ) -> [Double] {
        let names = path.components.map(\.self)
        return (0...names.count).compactMap { quota(root.appending(names.prefix($0))) }
    }

    /// "200000 100000": microseconds of processor time in each period; "max" where there is no
    /// limit (Linux, Documentation/admin-guide/cgroup-v2.rst).
    private static func quota(ofUnified group: FilePath, _ read: (FilePath) -> String?) -> Double? {
        guard let text = read(group.appending("cpu.max")),
            let (time, period) = text.divided(atFirst: " ")
        else { return nil }
        return quota(microseconds: time, each: period)
    }

    /// A quota of -1 is none (Linux, Documentation/scheduler/sched-bwc.rst).
    private static func quota(ofLegacy group: FilePath, _ read: (FilePath) -> String?) -> Double? {
        guard let quota = read(group.appending("cpu.cfs_quota_us")),
            let period = read(group.appending("cpu.cfs_period_us"))
        else { return nil }
        return Self.quota(microseconds: quota, each: period)
    }

    /// In cores; nil where there is no limit.
    private static func quota(
        microseconds time: some StringProtocol,
        each period: some StringProtocol
    ) -> Double? {
        let numbers = [String(time), String(period)].map { text in
            Double(text.trimming { $0 == "\n" }) ?? 0
        }
        return numbers.allSatisfy { $0 > 0 } ? numbers[0] / numbers[1] : nil
    }

    private static func text(_ path: FilePath) -> String? {
        (try? SmallFile.read(path, limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
    }
}
