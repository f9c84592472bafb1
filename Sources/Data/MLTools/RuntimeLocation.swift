import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage

/// Where the library of ONNX Runtime is.
package enum RuntimeLocation {
    /// The variable that names a library to use instead of the installed one.
    package static let variable = "EIGHTCUT_ONNXRUNTIME"
    /// The names that the system's own library may have.
    package static let systemNames: [FilePath] = ["libonnxruntime.so.1", "libonnxruntime.so"]

    /// The library that inference uses: the one that the variable names, else the one that
    /// `8cut tools install` has installed, else the one that pip has put beside the program.
    ///
    /// What `tools install` has made comes before pip's, so that installing, say, the build for
    /// GPUs has an effect, and `tools remove` takes it back.
    ///
    /// - Parameters:
    ///   - home: where the tools are installed.
    ///   - program: `8cut`.
    /// - Returns: nil where there is none of them. A library of the system may be there all the
    ///   same.
    package static func inUse(home: EightCutHome, program: FilePath) -> ToolLibrary? {
        if let named = getenv(variable), named.pointee != 0 {
            let path = FilePath(platformString: named).absolute
            return ToolLibrary(path: path.string, source: .variable, variant: nil)
        }
        if let path = try? find(in: home.environment) {
            let marker = try? ToolsMarker(
                readingFrom: home.environment.appending(ToolsFolder.marker)
            )
            return ToolLibrary(path: path.string, source: .environment, variant: marker?.variant)
        }
        return PythonPrefix(of: program)?.runtime
    }

    /// Finds the library file in a Python environment.
    ///
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there.
    package static func find(in environment: FilePath) throws -> FilePath {
        let packages = PythonPrefix(environment).packageFolders
        if let library = packages.lazy.compactMap(library).first { return library }
        throw EightCutError(
            .toolFailed,
            "cannot load the inference library",
            on: environment.string,
            because: "there is no libonnxruntime.so in onnxruntime/capi",
            remedy: "Install it anew: 8cut tools install --reinstall"
        )
    }

    /// The library in a folder of Python's packages.
    static func library(in packages: FilePath) -> FilePath? {
        let folder = packages.appending("onnxruntime").appending("capi")
        let names = (try? Folder.names(in: folder)) ?? []
        return names.last { $0.hasPrefix(exactly: "libonnxruntime.so") }.map(folder.appending)
    }
}

/// The library of ONNX Runtime that inference uses.
package struct ToolLibrary: Sendable, Codable, Equatable {
    /// Who has put it there.
    package enum Source: String, Sendable, Codable {
        /// `EIGHTCUT_ONNXRUNTIME` names it.
        case variable
        /// `8cut tools install` has.
        case environment
        /// pip has, beside the program.
        case pip
    }

    /// The library file.
    package let path: String
    package let source: Source
    /// Its build; nil when that is not known.
    package let variant: ToolVariant?

    /// How pip, or whatever is like it, puts it there anew.
    package var remedy: MessageText {
        switch source {
        case .variable: "EIGHTCUT_ONNXRUNTIME names it: correct or unset that."
        case .environment: "Install it anew: 8cut tools install --reinstall"
        case .pip where variant == .gpu:
            "Install it anew: pip install --force-reinstall onnxruntime-gpu"
        case .pip: "Install it anew: pip install --force-reinstall onnxruntime"
        }
    }
}

/// A folder that Python installs into: programs in `bin`, packages in `lib`. It may be a virtual
/// environment, that of conda, `~/.local`, `/usr/local` or `/usr`.
package struct PythonPrefix: Sendable {
    private let path: FilePath

    package init(_ path: FilePath) {
        self.path = path
    }

    /// The one that a program is installed in; nil when it is in no `bin`.
    ///
    /// - Parameter program: links are followed: pipx and uv put one to the program into
    ///   `~/.local/bin`.
    package init?(of program: FilePath) {
        guard let folder = ProgramSearch.real(program)?.removingLastComponent(),
            folder.lastComponent == "bin"
        else { return nil }
        path = folder.removingLastComponent()
    }

    /// `lib/python3.12/site-packages` and the like, those of the newest Python first. Libraries for
    /// 64 bits may be in `lib64`; Debian's own Python has `dist-packages`.
    package var packageFolders: [FilePath] {
        let folders = ["lib", "lib64"].map { path.appending($0) }.flatMap { library in
            ((try? Folder.names(in: library)) ?? [])
                .filter { $0.hasPrefix(exactly: "python3") }
                .map { (version: Self.minorVersion($0), path: library.appending($0)) }
        }
        return folders.enumerated()
            .sorted { ($1.element.version, $0.offset) < ($0.element.version, $1.offset) }
            .flatMap { _, python in
                ["site-packages", "dist-packages"].map { python.path.appending($0) }
            }
            .filter { FileStatus(following: $0)?.kind == .folder }
    }

    /// 12 of "python3.12" and "python3.12t".
    private static func minorVersion(_ name: String) -> Int {
        let digits = (name.removing(prefix: "python3.") ?? "").unicodeScalars
            .prefix(while: \.isDigit)
        return Int(String(digits)) ?? 0
    }

    /// Whether pip has installed 8cut here.
    package var hasProgram: Bool { packageFolders.contains(where: Self.hasProgram) }

    private static func hasProgram(_ packages: FilePath) -> Bool {
        !versions(of: "8cut", in: packages).isEmpty
    }

    /// The library of ONNX Runtime: of the Python that has 8cut, or else of the newest one.
    package var runtime: ToolLibrary? {
        let folders = packageFolders
        let own = folders.filter(Self.hasProgram)
        for packages in own + folders {
            guard let library = RuntimeLocation.library(in: packages) else { continue }
            // Either package puts its library into the same place. Where both are installed, the
            // files say whose they are.
            let isGPU = !Self.versions(of: "onnxruntime_gpu", in: packages).isEmpty
            let cuda = library.removingLastComponent()
                .appending("libonnxruntime_providers_cuda.so")
            let hasCUDA = FileStatus(following: cuda)?.kind == .file
            return ToolLibrary(
                path: library.string,
                source: .pip,
                variant: isGPU && hasCUDA ? .gpu : .cpu
            )
        }
        return nil
    }

    /// The versions of a package, by the names of its folders such as `onnxruntime-1.23.0.dist-info`.
    private static func versions(of package: String, in packages: FilePath) -> [String] {
        ((try? Folder.names(in: packages)) ?? []).compactMap {
            $0.removing(prefix: package + "-")?.removing(suffix: ".dist-info").map { String($0) }
        }
    }
}
