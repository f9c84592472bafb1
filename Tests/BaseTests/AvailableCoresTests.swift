import Processes
import SystemPackage
import TestSupport
import Testing

@Suite struct AvailableCoresTests {
    @Test(
        arguments: [
            // A pod of Kubernetes sees its own group as the root.
            ("0::/", ["/sys/fs/cgroup/cpu.max": "150000 100000\n"], 2),
            ("0::/a/b", ["/sys/fs/cgroup/a/cpu.max": "300000 100000"], 3),
            // The smallest of those above it holds.
            (
                "0::/a/b",
                [
                    "/sys/fs/cgroup/a/b/cpu.max": "500000 100000",
                    "/sys/fs/cgroup/a/cpu.max": "200000 100000",
                ],
                2
            ),
            ("0::/", ["/sys/fs/cgroup/cpu.max": "max 100000\n"], 8),
            ("0::/", ["/sys/fs/cgroup/cpu.max": "5000 100000\n"], 1),
            ("0::/", ["/sys/fs/cgroup/cpu.max": "x"], 8),
            (
                "3:cpuset:/\n2:cpu,cpuacct:/docker/1",
                [
                    "/sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us": "400000\n",
                    "/sys/fs/cgroup/cpu/docker/1/cpu.cfs_period_us": "100000\n",
                ],
                4
            ),
            (
                "1:cpu:/",
                [
                    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ],
                8
            ),
            ("", [:], 8),
        ] as [(String, [String: String], Int)]
    )
    func theQuotaOfAControlGroupCounts(groups: String, files: [String: String], count: Int) {
        let found = AvailableCores.count(affinity: 8, groups: groups) { files[$0.string] }
        #expect(found == count)
    }

    /// What `nproc` says, unless this machine has a quota too.
    @Test func theCoresOfThisProcessAreCounted() async throws {
        let result = try await Program.run("nproc", [], environment: [:], in: "/")
        let nproc = try #require(result.lines.first.flatMap(Int.init))
        #expect((1...nproc).contains(AvailableCores.count))
        #expect(AvailableCores.count(affinity: nproc, groups: nil) { _ in nil } == nproc)
    }
}
