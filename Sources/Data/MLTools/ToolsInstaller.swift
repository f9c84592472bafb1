import Diagnostics
import Files
import FoundationEssentials
import Processes
import Progress
import SystemPackage

/// Makes the Python environment.
package struct ToolsInstaller: Sendable {
    /// What is asked for.
    package struct Request: Sendable, Equatable {
        /// The build; nil chooses by the GPU and its driver.
        package let variant: ToolVariant?
        /// Whether the packages of the reference implementations are wanted too.
        package let reference: Bool
        /// Whether an environment that works is made anew.
        package let reinstalls: Bool

        package init(variant: ToolVariant?, reference: Bool, reinstalls: Bool) {
            self.variant = variant
            self.reference = reference
            self.reinstalls = reinstalls
        }
    }

    let folder: ToolsFolder
    let program: FilePath
    let reporter: any ProgressReporter

    /// - Parameters:
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`, which loads the library to try it.
    ///   - reporter: gets the steps and every line that pip writes.
    package init(
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram,
        reporter: any ProgressReporter
    ) {
        folder = ToolsFolder(home: home)
        self.program = program
        self.reporter = reporter
    }

    /// Makes the environment, unless what is asked for is there.
    ///
    /// One that works, or is broken, is set aside meanwhile and brought back when this fails or
    /// is cancelled. Then nothing of the new one is left, or, after a cancellation, what could
    /// not be deleted in half a second, which the next command does.
    ///
    /// - Returns: the status afterwards, and whether it was there already.
    /// - Throws: `CancellationError`; `EightCutError`.
    package func install(_ request: Request) async throws -> (ToolsStatus, wasThere: Bool) {
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        try folder.repair()
        let before = try await ToolsStatus.read(folder, program: program)
        if before.state == .installed, satisfies(request, before.marker) { return (before, true) }
        try folder.requireOurs()

        let driver = request.variant == .cpu ? nil : try await NvidiaDriver.find()
        let selection = try ToolSelection(wanted: request.variant, driver: driver)
        let reference = request.reference || before.marker?.reference == true
        let minimum = max(
            selection.packages.minimumPython,
            reference ? ToolPackages.reference.minimumPython : 0
        )
        try await PythonCheck.require(minimum: minimum)
        let pip = try await PipSettings.ofUser()
        let bytes = selection.packages.bytes + (reference ? ToolPackages.reference.bytes : 0)
        // pip holds what it downloads beside what it unpacks.
        try DiskSpace.require(
            bytes + bytes / 4,
            at: folder.home.path,
            to: "cannot install the tools into",
            remedy: "Free some disk space, or set EIGHTCUT_HOME to a folder on another disk."
        )
        if let warning = selection.warning {
            try reporter.report(.warning(.init(code: "oldDriver", message: warning)))
        }
        try log("About \(ByteCount.approximate(bytes)) on disk will be needed for \(folder.path).")

        try await make(selection, reference: reference, child(pip))
        return (try await ToolsStatus.read(folder, program: program), false)
    }

    private func satisfies(_ request: Request, _ marker: ToolsMarker?) -> Bool {
        guard !request.reinstalls, let marker else { return false }
        return (request.variant ?? marker.variant) == marker.variant
            && (marker.reference || !request.reference)
    }

    private func make(
        _ selection: ToolSelection,
        reference: Bool,
        _ child: LoggedChild
    ) async throws {
        try folder.clearPlace()
        do {
            try folder.begin(
                ToolsMarker(variant: selection.variant, reference: reference, packages: [:])
            )
            try await runSteps(selection.packages, reference: reference, child)
            let packages = try await installedPackages(child)
            try Task.checkCancellation()
            try folder.complete(
                ToolsMarker(variant: selection.variant, reference: reference, packages: packages)
            )
        } catch {
            do {
                try folder.bringBack(quickly: Task.isCancelled)
            } catch let second as EightCutError {
                // The first error is what counts; the next command tries again.
                try? reporter.report(.warning(.init(code: "notRestored", message: "\(second)")))
            }
            throw error
        }
        // The new one counts from its marker on; what is left of the old one goes next time.
        try? folder.discard(folder.previous)
    }

    /// Reports a line of output.
    func log(_ line: String) throws {
        try reporter.report(.output(.init(line: line)))
    }
}

/// The steps: environment, pip, packages, a look at the library.
extension ToolsInstaller {
    /// Runs all steps.
    ///
    /// - Throws: `CancellationError`; `EightCutError` when one fails.
    func runSteps(
        _ packages: ToolPackages,
        reference: Bool,
        _ child: LoggedChild
    ) async throws {
        var steps = [
            ["python3", "-I", "-m", "venv", folder.path.string],
            pipInstall(["--upgrade", "pip"]),
            pipInstall(packages.requirements),
        ]
        if reference {
            // ONNX Runtime once more, so that nothing takes its place.
            steps.append(pipInstall(ToolPackages.reference.requirements + packages.requirements))
            steps.append(pipInstall(ToolPackages.referenceFromSource))
        }
        let total = steps.count + 1
        for (index, command) in steps.enumerated() {
            try report(index, of: total)
            try log("> " + shellLine(command))
            let end = try await child.run(command) { try log($0) }
            guard end.status == 0 else {
                throw PipFailure.error(
                    lines: end.lines,
                    status: end.status,
                    freeBytes: DiskSpace.free(at: folder.home.path),
                    on: folder.path.string
                )
            }
        }
        try report(steps.count, of: total)
        if case .broken(let why) = try await RuntimeProbe.ask(folder.path, program: program) {
            throw EightCutError(
                .toolFailed,
                "cannot use the installed inference library",
                on: folder.path.string,
                because: why
            )
        }
        try report(total, of: total)
    }

    /// What is installed, according to pip.
    func installedPackages(_ child: LoggedChild) async throws -> [String: String] {
        struct Package: Decodable {
            let name: String
            let version: String
        }
        let arguments = ["-I", "-m", "pip", "list", "--format", "json"]
        let end = try await child.run(
            [folder.python.string] + arguments + ["--disable-pip-version-check", "--no-input"]
        )
        guard end.status == 0, let line = end.lines.last(where: { $0.hasPrefix(exactly: "[{") }),
            let list = try? JSONDecoder().decode([Package].self, from: Data(line.utf8))
        else {
            throw EightCutError(
                .toolFailed,
                "cannot install the tools into",
                on: folder.path.string,
                because: "pip does not list what it has installed"
            )
        }
        return Dictionary(list.map { ($0.name, $0.version) }) { first, _ in first }
    }

    /// What runs the steps.
    private func child(_ pip: PipSettings) -> LoggedChild {
        LoggedChild(folder: folder.home.path, temporary: folder.temporary, pip: pip)
    }

    private func pipInstall(_ arguments: [String]) -> [String] {
        // -I keeps modules in the current folder from taking the place of Python's own.
        [folder.python.string, "-I", "-u", "-m", "pip", "install"]
            + ["--disable-pip-version-check", "--no-input"] + arguments
    }

    private func report(_ done: Int, of total: Int) throws {
        try reporter.report(
            .progress(.init(unit: "step", done: done, total: total, totalIsEstimate: false))
        )
    }
}
