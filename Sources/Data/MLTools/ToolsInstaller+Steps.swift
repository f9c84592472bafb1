import Diagnostics
import Files
import FoundationEssentials
import Processes
import Progress
import SystemPackage

/// The steps: environment, pip, packages, a look at the library.
extension ToolsInstaller {
    /// Runs all steps.
    ///
    /// - Throws: `CancellationError`; `EightCutError` when one fails.
    func runSteps(_ packages: ToolPackages, reference: Bool) async throws {
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
        for (index, words) in steps.enumerated() {
            try report(index, of: total)
            try tell("> " + words.joined(separator: " "))
            let end = try await child.run(words) { try tell($0) }
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

    /// What pip says is installed.
    func installedPackages() async throws -> [String: String] {
        struct Package: Decodable {
            let name: String
            let version: String
        }
        let words = ["-I", "-m", "pip", "list", "--format", "json"]
        let end = try await child.run(
            [folder.python.string] + words + ["--disable-pip-version-check", "--no-input"]
        )
        guard end.status == 0, let line = end.lines.last(where: { $0.hasPrefix("[{") }),
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

    private var child: SupervisedChild {
        SupervisedChild(
            program: program,
            folder: folder.home.path,
            temporary: folder.temporary
        )
    }

    private func pipInstall(_ words: [String]) -> [String] {
        // -I keeps modules in the current folder from taking the place of Python's own.
        [folder.python.string, "-I", "-u", "-m", "pip", "install"]
            + ["--disable-pip-version-check", "--no-input"] + words
    }

    private func report(_ done: Int, of total: Int) throws {
        try reporter.report(
            .progress(.init(unit: "step", done: done, total: total, totalIsEstimate: false))
        )
    }
}
