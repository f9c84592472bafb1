import ArgumentParser
import Diagnostics
import Files
import MLTools
import Progress

/// `8cut tools install`.
struct ToolsInstallCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install ONNX Runtime into a Python environment of its own.",
        usage: "8cut tools install [<options>]",
        discussion: """
            Uses the configuration of pip (mirrors, proxies). An environment that works is left as \
            it is. --reinstall keeps the old environment until the new one works, and restores it \
            when the installation fails or is interrupted.

            Examples:
              8cut tools install
              8cut tools install --cpu
              8cut tools install --reinstall
            """
    )

    @Flag(name: .customLong("cpu"), help: "Install for the CPU, even if there is a GPU.")
    var cpu = false

    @Flag(name: .customLong("gpu"), help: "Install for an NVIDIA GPU (about 3 GB).")
    var gpu = false

    @Flag(
        help: """
            Also install the reference implementation (PyTorch and others, 6 GB), which only \
            comparisons need.
            """
    )
    var reference = false

    @Flag(help: "Rebuild the environment, even if it works.")
    var reinstall = false

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        if cpu, gpu { throw ValidationError("--cpu and --gpu exclude each other.") }
    }

    func run() async throws {
        let request = ToolsInstaller.Request(
            variant: cpu ? .cpu : gpu ? .gpu : nil,
            reference: reference,
            reinstalls: reinstall
        )
        try await runJob { reporter in
            let meter = ProgressMeter()
            let home = EightCutHome.current
            try reporter.report(
                .started(
                    .init(
                        job: "tools install",
                        input: "onnxruntime",
                        output: home.environment.string
                    )
                )
            )
            let (status, wasThere) = try await ToolsInstaller(home: home, reporter: reporter)
                .install(request)
            try reporter.report(.artifact(.init(kind: "environment", path: status.path)))
            let what = "ONNX Runtime \(status.runtime ?? "?")"
            let size = ByteCount.approximate(status.sizeOnDisk)
            return ProgressEvent.Finished(meter) { seconds in
                wasThere
                    ? "\(what) is installed already (\(size))"
                    : "\(what) installed in \(seconds) s (\(size))"
            }
        }
    }
}
