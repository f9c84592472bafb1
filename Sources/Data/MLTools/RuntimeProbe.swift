import Diagnostics
import Processes
import SystemPackage

/// Loads the inference library in a child process, so that one that crashes or hangs does not
/// take this one with it.
package enum RuntimeProbe {
    package enum Finding: Sendable, Equatable {
        /// It loads: its version, and where it was found.
        case works(version: String, path: FilePath)
        /// It does not: why.
        case broken(String)
    }

    /// Loads the library of an environment.
    ///
    /// - Parameters:
    ///   - environment: the Python environment.
    ///   - program: `8cut`, whose hidden command `tools probe` does the loading.
    /// - Returns: what came of it.
    /// - Throws: `CancellationError`.
    package static func ask(_ environment: FilePath, program: FilePath) async throws -> Finding {
        do {
            return try await load(RuntimeLocation.find(in: environment), program: program)
        } catch let error as EightCutError {
            return .broken(error.why)
        }
    }

    /// Loads a library.
    ///
    /// - Parameters:
    ///   - library: its path from the root, or a name that the system looks up.
    ///   - program: `8cut`.
    ///   - limit: how long it may take.
    /// - Returns: what came of it.
    /// - Throws: `CancellationError`.
    package static func load(
        _ library: FilePath,
        program: FilePath,
        limit: Duration = .seconds(60)
    ) async throws -> Finding {
        // In the root folder: there, what the system takes for the working folder is its own.
        let end = try await ShortChild.run(
            .path(program),
            ["tools", "probe", library.string],
            environment: ToolEnvironment.changes,
            folder: "/",
            limit: limit
        )
        switch end {
        case .notFound: return .broken("the program 8cut is not there any more")
        case .failed(let why): return .broken("loading \(quoted(library.string)): \(why)")
        case .ended(let status, let output, _):
            // The library may print something before that.
            let lines = output.split(exactly: "\n").suffix(2).map(String.init)
            guard status == 0, lines.count == 2, lines[0].utf8.first == UInt8(ascii: "/") else {
                return .broken(visible(lines.last ?? "it printed nothing"))
            }
            return .works(version: lines[1], path: FilePath(lines[0]))
        }
    }
}
