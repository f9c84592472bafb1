import ArgumentParser
import Diagnostics
import Files
import MLTools
import Progress

/// `8cut tools install`.
struct ToolsInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install ONNX Runtime into a Python environment of 8cut's own.",
        discussion: """
            pip's own configuration (mirrors, proxies) is used. What is there and works is left
            as it is. An environment that is made anew is set aside meanwhile, and brought back
            when that fails or is interrupted.

            Examples:
              8cut tools install
              8cut tools install --cpu
              8cut tools install --reinstall
            """
    )

    @Flag(name: .customLong("cpu"), help: "Install for the processor, even if there is a GPU.")
    var cpu = false

    @Flag(name: .customLong("gpu"), help: "Install for an NVIDIA GPU (about 3 GB).")
    var gpu = false

    @Flag(
        help: ArgumentHelp(
            "Also install the original packages (PyTorch and others, 6 GB), which making masks "
                + "does not need, to compare results with."
        )
    )
    var reference = false

    @Flag(help: "Make the environment anew, even if it works.")
    var reinstall = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        if cpu, gpu { throw ValidationError("--cpu and --gpu exclude each other.") }
    }

    func run() async throws {
        let request = ToolsInstaller.Request(
            variant: cpu ? .cpu : gpu ? .gpu : nil,
            reference: reference,
            reinstalls: reinstall
        )
        try await Job.run(progress) { reporter in
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
            let seconds = (meter.elapsed * 10).rounded() / 10
            let what = "ONNX Runtime \(status.runtime ?? "?")"
            let size = ByteCount.approximate(status.sizeOnDisk)
            return ProgressEvent.Finished(
                frames: 0,
                seconds: seconds,
                exitStatus: 0,
                summary: wasThere
                    ? "\(what) is installed already (\(size))"
                    : "\(what) installed in \(seconds) s (\(size))"
            )
        }
    }
}
