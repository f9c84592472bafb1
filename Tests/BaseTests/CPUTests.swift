import Processes
import SystemPackage
import Testing

/// What files of the kernel say of the CPU and the memory, on machines of several kinds.
@Suite struct CPUTests {
    private static let cpus = "/sys/devices/system/cpu/cpu"

    /// The topology of cores of two threads each: CPU n and n + cores share one, as on most servers.
    private static func topology(cores: Int, name: String = "core_cpus_list") -> [String: String] {
        (0..<2 * cores).reduce(into: [:]) { files, cpu in
            let first = cpu % cores
            files["\(cpus)\(cpu)/topology/\(name)"] = "\(first),\(first + cores)\n"
        }
    }

    private static func status(_ allowed: String) -> String {
        "Name:\t8cut\nCpus_allowed:\tff\nCpus_allowed_list:\t\(allowed)\nMems_allowed_list:\t0\n"
    }

    @Test(
        arguments: [
            // 64 cores of two threads, all of them, and a half that has all threads of its cores.
            ("0-127", topology(cores: 64), 128, 64),
            ("0-31,64-95", topology(cores: 64), 64, 32),
            // One thread of each: nothing is shared.
            ("0-63", topology(cores: 64), 64, 64),
            ("64-127", topology(cores: 64), 64, 64),
            // A quota of six threads on 64 cores.
            ("0-127", topology(cores: 64), 6, 6),
            // The older name, as ranges: CPU 2n and 2n + 1.
            (
                "0-3",
                [
                    cpus + "0/topology/thread_siblings_list": "0-1\n",
                    cpus + "1/topology/thread_siblings_list": "0-1\n",
                    cpus + "2/topology/thread_siblings_list": "2-3\n",
                    cpus + "3/topology/thread_siblings_list": "2-3\n",
                ],
                4, 2
            ),
            // Two performance cores of two threads, and four efficient ones of one.
            (
                "0-7",
                [
                    cpus + "0/topology/core_cpus_list": "0-1",
                    cpus + "1/topology/core_cpus_list": "0-1",
                    cpus + "2/topology/core_cpus_list": "2-3",
                    cpus + "3/topology/core_cpus_list": "2-3",
                    cpus + "4/topology/core_cpus_list": "4",
                    cpus + "5/topology/core_cpus_list": "5",
                    cpus + "6/topology/core_cpus_list": "6",
                    cpus + "7/topology/core_cpus_list": "7",
                ],
                8, 6
            ),
            // Nothing is known of the cores, or what is said makes no sense.
            ("0-3", [:], 4, 4),
            ("3-0", topology(cores: 2), 4, 4),
            ("0-99999999999", topology(cores: 2), 4, 4),
            ("", topology(cores: 2), 4, 4),
        ] as [(String, [String: String], Int, Int)]
    )
    func threadsOfACoreCountOnce(
        allowed: String,
        files: [String: String],
        threads: Int,
        cores: Int
    ) {
        let found = AvailableCores.physicalCount(of: threads, status: Self.status(allowed)) {
            files[$0.string]
        }
        #expect(found == cores)
    }

    @Test func withoutAStatusThreadsAreCores() {
        #expect(AvailableCores.physicalCount(of: 3, status: nil) { _ in nil } == 3)
        #expect((1...AvailableCores.count).contains(AvailableCores.physicalCount))
    }

    @Test(
        arguments: [
            (
                "fpu sse4_2 avx2 avx512f avx512_vnni amx_bf16 avx512_fp16 amx_tile amx_int8",
                ["AVX2", "AVX-512", "AVX-512 VNNI", "AMX-INT8", "AMX-BF16"], true
            ),
            ("fpu avx2 avx_vnni", ["AVX2", "AVX-VNNI"], true),
            ("fpu avx2 avx512f avx512bw", ["AVX2", "AVX-512"], false),
            ("fpu sse2 avx", [], false),
        ] as [(String, [String], Bool)]
    )
    func featuresOfX86(flags: String, names: [String], isExact: Bool) {
        let cpu = CPUFeatures(
            cpuinfo: """
                processor\t: 0
                model name\t: A CPU: 8 cores
                flags\t\t: \(flags)
                bugs\t\t: spectre_v1

                processor\t: 1
                flags\t\t: fpu avx2 avx512_vnni

                """
        )
        #expect(cpu.model == "A CPU: 8 cores")
        #expect(cpu.names == names)
        #expect(cpu.hasExactByteProducts == isExact)
        #expect(cpu.hasAVX512 == names.contains("AVX-512"))
    }

    @Test func featuresOfARM() {
        let cpu = CPUFeatures(
            cpuinfo: "processor\t: 0\nFeatures\t: fp asimd asimddp sve i8mm\nCPU part\t: 0xd40\n"
        )
        #expect(cpu.model == nil)
        #expect(cpu.names == ["DotProd", "I8MM", "SVE"])
        #expect(cpu.hasExactByteProducts)
    }

    @Test(
        arguments: [
            (nil, [:], 8_192_000),
            ("0::/", [:], 8_192_000),
            ("0::/a", ["a/memory.max": "max\n", "a/memory.current": "100\n"], 8_192_000),
            // Pages of files make way.
            (
                "0::/a/b",
                [
                    "a/memory.max": "5000000\n", "a/memory.current": "3000000\n",
                    "a/memory.stat": "anon 1\ninactive_file 1000000\nactive_file 7\n",
                ],
                3_000_000
            ),
            ("0::/", ["memory.max": "1000\n", "memory.current": "5000\n"], 0),
            (
                "4:memory:/c",
                [
                    "memory/c/memory.limit_in_bytes": "4000000\n",
                    "memory/c/memory.usage_in_bytes": "1000000\n",
                    "memory/memory.limit_in_bytes": "9223372036854771712\n",
                    "memory/memory.usage_in_bytes": "1\n",
                ],
                3_000_000
            ),
        ] as [(String?, [String: String], Int)]
    )
    func memoryIsWhatMachineAndControlGroupsLeave(
        groups: String?,
        files: [String: String],
        bytes: Int
    ) {
        let found = AvailableMemory.bytes(
            meminfo: "MemTotal: 16000 kB\nMemFree: 10 kB\nMemAvailable:    8000 kB\n",
            groups: groups
        ) { path in
            files.first { "/sys/fs/cgroup/" + $0.key == path.string }?.value
        }
        #expect(found == bytes)
    }

    @Test func unknownMemoryIsUnknown() {
        #expect(AvailableMemory.bytes(meminfo: "x", groups: nil) { _ in nil } == nil)
    }

    @Test(
        arguments: [
            // cores, rows, copies, threads: as many threads as cores, for one clip or more.
            (2, 9, nil, nil, 1, 2), (8, 9, nil, nil, 1, 8), (15, 9, nil, nil, 1, 15),
            (16, 9, nil, nil, 2, 8), (64, 99, nil, nil, 8, 8), (64, 3, nil, nil, 3, 21),
            (64, 1, nil, nil, 1, 64), (64, 99, 4, nil, 4, 16), (64, 99, nil, 32, 2, 32),
            (64, 99, nil, 4, 16, 4), (2, 9, 5, nil, 5, 1), (2, 9, nil, 100, 1, 100),
        ] as [(Int, Int, Int?, Int?, Int, Int)]
    )
    func coresAreShared(
        cores: Int,
        rows: Int,
        wanted: Int?,
        wantedThreads: Int?,
        copies: Int,
        threads: Int
    ) {
        let shares = CoreShares(cores: cores, rows: rows, copies: wanted, threads: wantedThreads)
        #expect(shares.copies == copies)
        #expect(shares.threads == threads)
    }

    @Test func memoryLimitsTheCopies() {
        let shares = CoreShares(cores: 64, rows: 99)
        func copies(_ memory: Int?) -> [Int] {
            // 2 GB are needed for each.
            let found = shares.fitting(memory: memory, checkpoint: 1_000_000_000, cores: 64)
            return [found.copies, found.threads]
        }
        #expect(copies(nil) == [8, 8])
        #expect(copies(100_000_000_000) == [8, 8])
        #expect(copies(6_500_000_000) == [3, 21])
        #expect(copies(100) == [1, 64])
    }
}
