import Files
import SystemPackage

/// Waits until a condition holds, looking again every few milliseconds.
///
/// - Parameters:
///   - what: the condition, named in the error.
///   - limit: how long it may take while other tests keep the machine busy.
///   - isolation: the caller's actor, so that main-actor state can be read.
///   - condition: what must become true.
/// - Throws: `NeverHappened` after `limit`, which fails the test, or what `condition` throws.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until a file or folder exists.
package func waitForFile(_ path: FilePath) async throws {
    try await eventually("the file \(path)") { try Folder.kind(of: path) != .missing }
}

/// Waits until a folder holds that many masks.
package func waitForMasks(_ count: Int, in folder: FilePath) async throws {
    try await eventually("\(count) masks in \(folder)") {
        let names = (try? Folder.names(in: folder)) ?? []
        return names.count(where: { $0.hasPrefix("frame_") }) >= count
    }
}

/// A condition that did not become true in time.
package struct NeverHappened: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    package var description: String { "\(what) did not come within \(limit)" }
}
