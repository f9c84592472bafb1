import Diagnostics
import Files
import MLTools
import OnnxEngine
import Processes
import SystemPackage

/// What runs neural networks: ONNX Runtime, the GPU and its libraries. All of it is optional.
struct RuntimeChecks: Sendable {
    let home: EightCutHome
    let program: FilePath

    /// How long the library may take to load; from a cold disk that is a second or two.
    private static let limit = Duration.seconds(5)

    /// - Throws: `CancellationError`.
    func findings() async throws -> [SystemFinding] {
        async let driver = NvidiaDriver.find(limit: .seconds(3))
        let library = RuntimeLocation.inUse(home: home, program: program)
        async let runtime = runtime(library)
        let (gpus, loaded) = (try await driver, try await runtime)
        var found = [gpu(gpus, library), loaded]
        if let library, library.variant == .gpu, gpus != nil { found.append(cuda(library)) }
        if library == nil, loaded.status == .note { found += python.map { [$0] } ?? [] }
        return found
    }

    private func runtime(_ library: ToolLibrary?) async throws -> SystemFinding {
        let name = "onnxruntime"
        if let library {
            let finding = try await RuntimeProbe.load(
                FilePath(library.path),
                program: program,
                limit: Self.limit
            )
            switch finding {
            case .works(let version, _):
                let variant = library.variant.map { ", \($0.rawValue)" } ?? ""
                return SystemFinding(
                    name,
                    .ok,
                    "\(version)\(variant), \(library.source.origin) (\(visible(library.path)))"
                )
            case .broken(let why):
                // Whoever has named or installed it wants it to be used, and every method fails.
                return SystemFinding(
                    name,
                    .missing,
                    "does not load: \(visible(why)) (\(visible(library.path)))",
                    remedy: library.remedy.english
                )
            }
        }
        for system in RuntimeLocation.systemNames {
            let finding = try await RuntimeProbe.load(system, program: program, limit: Self.limit)
            if case .works(let version, let path) = finding {
                return SystemFinding(
                    name,
                    .ok,
                    "\(version), the system's (\(visible(path.string)))"
                )
            }
        }
        let isWheel = PythonPrefix(of: program)?.hasProgram == true
        return SystemFinding(
            name,
            .note,
            "not installed: masks by depth and by SAM 2 need it, saliency does not",
            remedy: isWheel
                ? ToolsStatus.absentBesidesWheel.english : "Install it: 8cut tools install"
        )
    }

    /// `tools install` needs it, and nothing else does.
    private var python: SystemFinding? {
        guard ProgramSearch.find("python3") == nil else { return nil }
        return SystemFinding(
            "python3",
            .note,
            "not installed: 8cut tools install needs it",
            remedy: PackageManager.current.advice(on: .python).english
        )
    }

    private func gpu(_ driver: NvidiaDriver?, _ library: ToolLibrary?) -> SystemFinding {
        guard let driver else {
            guard NvidiaCard.isThere else {
                return SystemFinding("gpu", .ok, "no NVIDIA GPU: models run on the CPU")
            }
            return SystemFinding(
                "gpu",
                .note,
                "there is an NVIDIA GPU, but nvidia-smi does not reach its driver",
                remedy: "Install NVIDIA's driver, 525 or newer (580 for CUDA 13); in a container, "
                    + "pass the GPU on (--gpus all)."
            )
        }
        let value =
            driver.gpus.map { visible($0, limit: 60) }.joined(separator: ", ")
            + ", driver \(driver.version)"
        if driver.cudaVersion == 0 {
            return SystemFinding(
                "gpu",
                .note,
                value + ", which is too old for CUDA 12",
                remedy: "Install NVIDIA's driver, 525 or newer (580 for CUDA 13)."
            )
        }
        guard let library, library.variant == .cpu else { return SystemFinding("gpu", .ok, value) }
        return SystemFinding(
            "gpu",
            .note,
            value + "; not used, because ONNX Runtime is the build for CPUs",
            remedy: "Install the build for GPUs: 8cut tools install --gpu"
        )
    }

    private func cuda(_ library: ToolLibrary) -> SystemFinding {
        let missing = CudaLibraries.missing(besides: FilePath(library.path))
        guard !missing.isEmpty else {
            return SystemFinding("cuda", .ok, "all libraries that ONNX Runtime needs are there")
        }
        return SystemFinding(
            "cuda",
            .note,
            "not found: " + missing.joined(separator: ", "),
            remedy: library.source == .pip
                ? "Install them: pip install 'onnxruntime-gpu[cuda,cudnn]'"
                : "Install them: 8cut tools install --gpu --reinstall"
        )
    }
}

extension ToolLibrary.Source {
    /// Where a library has come from, as a clause.
    fileprivate var origin: String {
        switch self {
        case .variable: RuntimeLocation.variable + " names it"
        case .environment: "from 8cut tools install"
        case .pip: "pip's, beside 8cut"
        }
    }
}

/// NVIDIA's cards, with or without a driver.
private enum NvidiaCard {
    /// Whether the system lists one: a display controller (class 3) of the vendor 10de.
    static var isThere: Bool {
        let devices: FilePath = "/sys/bus/pci/devices"
        return ((try? Folder.names(in: devices)) ?? []).contains { name in
            let device = devices.appending(name)
            let word = { (file: String) in
                (try? SmallFile.read(device.appending(file), limit: 64)).map {
                    String(decoding: $0, as: UTF8.self)
                } ?? ""
            }
            return word("vendor").hasPrefix(exactly: "0x10de")
                && word("class").hasPrefix(exactly: "0x03")
        }
    }
}
