import Diagnostics
import Processes

/// Which build is installed, and with what.
package struct ToolSelection: Sendable, Equatable {
    /// The build.
    package let variant: ToolVariant
    /// Its packages.
    package let packages: ToolPackages
    /// Something the user should know about the choice.
    package let warning: String?

    /// Chooses by what is asked for and what the driver can run.
    ///
    /// - Parameters:
    ///   - wanted: the build that the user asks for; nil leaves the choice to us.
    ///   - driver: the NVIDIA driver, if there is one.
    /// - Throws: `EightCutError` of code `toolMissing` when a GPU is asked for and none can be
    ///   used.
    package init(wanted: ToolVariant?, driver: NvidiaDriver?) throws {
        let gpu = driver.flatMap { ToolPackages.gpu(cudaVersion: $0.cudaVersion) }
        switch (wanted, driver, gpu) {
        case (.cpu, _, _), (nil, nil, _):
            self.init(.cpu, .cpu)
        case (_, _, let gpu?):
            self.init(.gpu, gpu)
        case (nil, let driver?, nil):
            self.init(
                .cpu,
                .cpu,
                warning: "The NVIDIA driver \(driver.version) is too old for CUDA 12, which needs "
                    + "525 or newer: installing for the CPU."
            )
        case (.gpu, let driver, _):
            throw EightCutError(
                .toolMissing,
                "cannot install the tools for a GPU",
                because: driver.map { "the NVIDIA driver \($0.version) is too old for CUDA 12" }
                    ?? "nvidia-smi finds no NVIDIA GPU with a driver",
                remedy: "Install NVIDIA's driver, 525 or newer (580 for CUDA 13), "
                    + "or install for the CPU: 8cut tools install --cpu"
            )
        }
    }

    private init(_ variant: ToolVariant, _ packages: ToolPackages, warning: String? = nil) {
        self.variant = variant
        self.packages = packages
        self.warning = warning
    }
}

/// The two builds of the inference library.
package enum ToolVariant: String, Sendable, Codable, CaseIterable {
    /// Runs on the CPU; small.
    case cpu
    /// Runs on NVIDIA GPUs too; brings CUDA's libraries.
    case gpu
}

/// The NVIDIA driver of this computer and the GPUs that it drives.
package struct NvidiaDriver: Sendable, Equatable {
    /// Names of the GPUs.
    package let gpus: [String]
    /// The driver's version, such as "580.65.06".
    package let version: String

    /// Parses the output of `nvidia-smi --query-gpu=name,driver_version --format=csv,noheader`.
    ///
    /// - Returns: nil when no GPU is listed.
    package init?(csv: String) {
        var gpus: [String] = []
        var version: String?
        for line in csv.split(exactly: "\n") {
            guard let (name, rest) = line.divided(atLast: ",") else { continue }
            let last = rest.trimmed.unicodeScalars
            guard last.first?.isDigit == true else { continue }
            version = version ?? String(last.prefix { $0.isDigit || $0 == "." })  // text: scalars
            gpus.append(String(name))
        }
        guard let version else { return nil }
        self.gpus = gpus
        self.version = version
    }

    /// The newest CUDA (major version) that programs can use with this driver, 0 when it is too
    /// old for all that come into question: 13 needs driver 580, 12 needs 525 (CUDA release
    /// notes, "CUDA Toolkit and Minimum Required Driver Version").
    package var cudaVersion: Int {
        switch Int(String(version.unicodeScalars.prefix(while: \.isDigit))) ?? 0 {
        case 580...: 13
        case 525...: 12
        default: 0
        }
    }

    /// Asks `nvidia-smi`.
    ///
    /// - Parameter limit: how long it may take.
    /// - Returns: nil when it is not there, fails, hangs, or knows no GPU.
    /// - Throws: `CancellationError`.
    package static func find(limit: Duration = .seconds(30)) async throws -> NvidiaDriver? {
        let result = try await ShortChild.run(
            .name("nvidia-smi"),
            ["--query-gpu=name,driver_version", "--format=csv,noheader"],
            environment: ToolEnvironment.changes,
            limit: limit
        )
        guard case .ended(0, let output, _) = result else { return nil }
        return NvidiaDriver(csv: output)
    }
}

/// What is installed with pip: all packages and their accepted versions.
package struct ToolPackages: Sendable, Equatable {
    /// pip's requirements.
    package let requirements: [String]
    /// The oldest Python that has wheels of them, as (3, minor).
    package let minimumPython: Int
    /// About how many bytes they take up on disk, with what they depend on.
    package let bytes: Int

    /// ONNX Runtime for the CPU.
    package static let cpu = ToolPackages(
        requirements: ["onnxruntime>=1.22,<2"],
        minimumPython: 10,
        bytes: 200_000_000
    )

    /// The last ONNX Runtime that brought CUDA 12: 1.27 went over to CUDA 13.
    static let cuda12 = ToolPackages(
        requirements: ["onnxruntime-gpu[cuda,cudnn]>=1.22,<1.27"],
        minimumPython: 10,
        bytes: 3_400_000_000
    )

    /// ONNX Runtime with CUDA 13, whose wheels start at Python 3.11.
    static let cuda13 = ToolPackages(
        requirements: ["onnxruntime-gpu[cuda,cudnn]>=1.27,<2"],
        minimumPython: 11,
        bytes: 2_600_000_000
    )

    /// The packages of the reference implementations, to compare results with.
    ///
    /// `timm` has EdgeTAM's backbone; `setuptools` and `wheel` are there because `sam2` comes as
    /// source.
    static let reference = ToolPackages(
        requirements: [
            "torch", "torchvision", "transformers", "opencv-python", "Pillow", "timm",
            "setuptools", "wheel",
        ],
        minimumPython: 10,
        bytes: 6_000_000_000
    )

    /// Meta's SAM 2. It is built from source against the torch that is there already: a build
    /// of pip's usual kind would download a second one.
    static let referenceFromSource = ["--no-build-isolation", "sam2>=1.1,<2"]

    /// The build that an NVIDIA driver can run.
    ///
    /// - Parameter cudaVersion: the newest CUDA (major) that the driver supports.
    /// - Returns: nil when there is none for it.
    static func gpu(cudaVersion: Int) -> ToolPackages? {
        switch cudaVersion {
        case 13...: cuda13
        case 12: cuda12
        default: nil
        }
    }
}
