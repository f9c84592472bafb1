import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage
import Transfers

/// Programs besides ffmpeg.
enum ProgramChecks {
    /// - Throws: `CancellationError`.
    static func curl() async throws -> SystemFinding {
        let end = try await ShortChild.run(
            Curl.program,
            ["--disable", "--version"],
            environment: [:],
            limit: .seconds(3)
        )
        guard case .ended(0, let output, _) = end, let line = output.exactLines.first else {
            return SystemFinding(
                "curl",
                .note,
                "not installed: 8cut models download and object stores need it",
                remedy: PackageManager.current.advice(on: .curl).english
            )
        }
        let words = line.split(exactly: " ")
        let version = words.count > 1 ? visible(String(words[1]), limit: 60) : "?"
        let numbers = version.split(exactly: ".").compactMap { Int($0) }
        let least = Curl.leastSigningVersion
        if numbers.count >= 2, (numbers[0], numbers[1]) < least {
            return SystemFinding(
                "curl",
                .note,
                "\(version): object stores need \(least.0).\(least.1) or newer"
            )
        }
        return SystemFinding("curl", .ok, version)
    }
}

/// The computer, as far as this process may use it.
package enum MachineChecks {
    /// The memory that the small checkpoints need, and something for the rest (Benchmarks/README.md).
    private static let leastMemory = 2_000_000_000

    static func findings(program: FilePath) -> [SystemFinding] {
        [
            cores(
                AvailableCores.physicalCount,
                threads: AvailableCores.count,
                CPUFeatures.current
            ), memory(AvailableMemory.bytes),
        ] + [display(program: program)].compactMap(\.self)
    }

    /// - Parameters:
    ///   - cores: cores that this process may use.
    ///   - threads: their hardware threads.
    ///   - features: what the CPU can do.
    /// - Returns: what to show of them.
    package static func cores(_ cores: Int, threads: Int, _ features: CPUFeatures) -> SystemFinding
    {
        let smt = threads > cores ? " with \(threads) hardware threads" : ""
        let models = "models use \(cores) \(cores == 1 ? "thread" : "threads")"
        let int8 = features.hasExactByteProducts ? "" : "; int8 gains little without VNNI"
        return SystemFinding(
            "cpu",
            .ok,
            "\(cores) \(cores == 1 ? "core" : "cores")\(smt): \(models)\(int8)"
        )
    }

    /// - Parameter bytes: what this process may have, the limits of containers counted.
    /// - Returns: what to show of it.
    package static func memory(_ bytes: Int?) -> SystemFinding {
        guard let bytes else { return SystemFinding("memory", .ok, "not known") }
        guard bytes < leastMemory else {
            return SystemFinding("memory", .ok, "\(ByteCount.text(bytes)) available")
        }
        return SystemFinding(
            "memory",
            .note,
            "\(ByteCount.text(bytes)) available: little for neural methods",
            remedy: "Close other programs, or raise the limit of the container."
        )
    }

    /// The display, where the app is installed beside the program.
    private static func display(program: FilePath) -> SystemFinding? {
        guard
            let app = ProgramSearch.real(program)?.removingLastComponent()
                .appending("8cut-desktop"),
            ProgramSearch.isProgram(app)
        else { return nil }
        let names: [String] = ["WAYLAND_DISPLAY", "DISPLAY"]
        let set = names.first { name in getenv(name).map { $0.pointee != 0 } ?? false }
        guard let set else {
            return SystemFinding(
                "display",
                .note,
                "none: 8cut-desktop cannot open a window here",
                remedy: "Start it in a desktop session, or with ssh -X."
            )
        }
        return SystemFinding("display", .ok, set)
    }
}

/// Variables that change what 8cut does.
package enum VariableChecks {
    /// Those that are set to a path, or to something that nobody has to look at.
    private static let known: Set = [
        "EIGHTCUT_FFMPEG", "EIGHTCUT_HOME", "EIGHTCUT_ONNXRUNTIME", "EIGHTCUT_SILENCE_LIMIT",
        "EIGHTCUT_STALLS", "EIGHTCUT_RUN",
    ]

    static func findings() -> [SystemFinding] { findings(names: ChildEnvironment.names) }

    /// - Parameter names: the names of all variables.
    /// - Returns: a finding for each that looks like one of 8cut's and is not.
    package static func findings(names: [String]) -> [SystemFinding] {
        names.filter { $0.hasPrefix(exactly: "EIGHTCUT_") && !known.contains($0) }.sorted().map {
            SystemFinding(
                visible($0, limit: 60),
                .note,
                "is set, and 8cut knows no such variable",
                remedy: "It knows EIGHTCUT_FFMPEG, EIGHTCUT_HOME and EIGHTCUT_ONNXRUNTIME."
            )
        }
    }
}
