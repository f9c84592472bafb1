import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage

/// What there is to know about the Python environment, and the library that inference uses.
package struct ToolsStatus: Sendable, Encodable, Equatable {
    /// Version of the JSON form.
    package let v: Int
    package let state: ToolsState
    /// Why it is not `installed`, or nil.
    package let reason: String?
    /// What to do about that, or nil.
    package let remedy: String?
    /// Whether another run is working on it right now.
    package let isBusy: Bool
    /// Its folder.
    package let path: String
    /// Bytes that it takes up on disk, with what is still to be deleted of others.
    package let sizeOnDisk: Int
    /// The library that inference uses; nil where there is none but perhaps the system's.
    package let library: ToolLibrary?
    /// Version of ONNX Runtime when it loads.
    package let runtime: String?
    /// The marker of a complete environment.
    package let marker: ToolsMarker?
    /// The devices that can make masks: always the CPU, and a GPU if library and driver are there.
    package let devices: [ToolDevice]
    /// The CPU, as far as this process may use it.
    package let cpu: ToolCPU

    /// Finds it out. What a killed run has left half done is put in order first, unless another
    /// run is at work.
    ///
    /// Where there is no environment, the library that pip has put beside the program takes its
    /// place.
    ///
    /// - Parameters:
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`, which loads the library in a process of its own.
    /// - Returns: the status at this moment.
    /// - Throws: `CancellationError`; `EightCutError` when the repair fails.
    package static func read(
        home: EightCutHome = .current,
        program: FilePath = runningProgram
    ) async throws -> ToolsStatus {
        let folder = ToolsFolder(home: home)
        let isBusy = folder.isBusy
        if !isBusy, ToolsFolder.content(of: folder.previous) != .missing {
            let lock = try folder.lock()
            try folder.repair(quickly: true)
            withExtendedLifetime(lock) {}
        }
        let status = try await read(folder, program: program, isBusy: isBusy)
        guard status.state == .absent, !isBusy, let prefix = PythonPrefix(of: program) else {
            return status
        }
        if prefix.runtime != nil, let library = status.library {
            return try await read(folder, with: library, program: program)
        }
        return prefix.hasProgram ? status.advising(absentBesidesWheel) : status
    }

    /// What to do where pip has installed 8cut without ONNX Runtime.
    package static let absentBesidesWheel: MessageText =
        "Install it: pip install '8cut[cpu]', or 8cut tools install"

    /// The same with another remedy.
    private func advising(_ remedy: MessageText) -> ToolsStatus {
        ToolsStatus(
            v: v,
            state: state,
            reason: reason,
            remedy: remedy.english,
            isBusy: isBusy,
            path: path,
            sizeOnDisk: sizeOnDisk,
            library: library,
            runtime: runtime,
            marker: marker,
            devices: devices,
            cpu: cpu
        )
    }

    /// Reads the status where the library is pip's, unless the variable names another one.
    private static func read(
        _ folder: ToolsFolder,
        with library: ToolLibrary,
        program: FilePath
    ) async throws -> ToolsStatus {
        let finding = try await RuntimeProbe.load(FilePath(library.path), program: program)
        var (reason, runtime): (String?, String?)
        switch finding {
        case .works(let version, _): runtime = version
        case .broken(let why): reason = why
        }
        let isGPU = reason == nil && library.variant == .gpu
        return ToolsStatus(
            v: 1,
            state: reason == nil ? .installed : .broken,
            reason: reason,
            remedy: reason == nil ? nil : library.remedy.english,
            isBusy: false,
            path: folder.path.string,
            sizeOnDisk: folder.sizeOnDisk,
            library: library,
            runtime: runtime,
            marker: nil,
            devices: ToolDevice.list(driver: isGPU ? try await NvidiaDriver.find() : nil),
            cpu: .current
        )
    }

    /// The program that runs, for when it is `8cut`.
    package static let runningProgram: FilePath = "/proc/self/exe"

    /// Reads the status of a folder as it is.
    static func read(
        _ folder: ToolsFolder,
        program: FilePath,
        isBusy: Bool = false
    ) async throws -> ToolsStatus {
        let finding = try await Finding(folder, program: program)
        let driver = finding.marker?.variant == .gpu ? try await NvidiaDriver.find() : nil
        return ToolsStatus(
            v: 1,
            state: finding.state,
            reason: finding.reason,
            remedy: isBusy ? "Wait for the other run to end." : finding.remedy,
            isBusy: isBusy,
            path: folder.path.string,
            sizeOnDisk: folder.sizeOnDisk,
            library: RuntimeLocation.inUse(home: folder.home, program: program),
            runtime: finding.runtime,
            marker: finding.marker,
            devices: ToolDevice.list(driver: finding.state == .installed ? driver : nil),
            cpu: .current
        )
    }

    private struct Finding {
        var state = ToolsState.incomplete
        var reason: String?
        var remedy: String? = "Install them anew: 8cut tools install --reinstall"
        var runtime: String?
        var marker: ToolsMarker?

        init(_ folder: ToolsFolder, program: FilePath) async throws {
            switch ToolsFolder.content(of: folder.path) {
            case .missing, .empty:
                state = .absent
                reason = "the tools are not installed"
                remedy = "Install them: 8cut tools install"
            case .begun: reason = "installing or removing it was not finished"
            case .foreign:
                reason = "8cut did not make it: it has no \(ToolsFolder.marker)"
                remedy = "Move it away, or set EIGHTCUT_HOME to another folder."
            case .complete:
                guard access(folder.python.string, X_OK) == 0 else {
                    reason = "bin/python is missing or does not lead to a Python"
                    return
                }
                let path = folder.path.appending(ToolsFolder.marker)
                guard let marker = try? ToolsMarker(readingFrom: path) else {
                    state = .broken
                    reason = "\(ToolsFolder.marker) is damaged or from a newer 8cut"
                    return
                }
                self.marker = marker
                switch try await RuntimeProbe.ask(folder.path, program: program) {
                case .works(let version, _):
                    state = .installed
                    remedy = nil
                    runtime = version
                case .broken(let why):
                    state = .broken
                    reason = why
                }
            }
        }
    }
}

/// The state of the Python environment.
package enum ToolsState: String, Sendable, Codable {
    /// There is none.
    case absent
    /// Its making or deleting was not finished, or it was not made by 8cut.
    case incomplete
    /// It is complete, but the inference library in it cannot be used.
    case broken
    /// It works.
    case installed
}

/// The CPU, as far as inference depends on it.
package struct ToolCPU: Sendable, Codable, Equatable {
    /// Its name; nil where it has none.
    package let model: String?
    /// Cores that this process may use: the default of `--threads`.
    package let cores: Int
    /// Hardware threads that this process may use: more than cores where cores have several.
    package let threads: Int
    /// Instructions that ONNX Runtime has kernels for.
    package let features: [String]
    /// Whether 8-bit products are fast: without that, `int8` uses slower kernels that are exact.
    package let hasExactByteProducts: Bool

    /// That of this machine.
    static var current: ToolCPU {
        let features = CPUFeatures.current
        return ToolCPU(
            model: features.model,
            cores: AvailableCores.physicalCount,
            threads: AvailableCores.count,
            features: features.names,
            hasExactByteProducts: features.hasExactByteProducts
        )
    }
}

/// Something that masks can be made on.
package struct ToolDevice: Sendable, Codable, Equatable {
    /// The word for it: "cpu", "cuda".
    package let name: String
    /// The GPU's name.
    package let gpu: String?
    /// The version of its driver.
    package let driver: String?

    /// The CPU, and the GPUs of a driver.
    static func list(driver: NvidiaDriver?) -> [ToolDevice] {
        [ToolDevice(name: "cpu", gpu: nil, driver: nil)]
            + (driver.map { driver in
                driver.gpus.map { ToolDevice(name: "cuda", gpu: $0, driver: driver.version) }
            } ?? [])
    }
}
