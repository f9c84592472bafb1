import Diagnostics
import Files
import MLTools
import Processes
import SystemPackage

/// One thing that was looked at.
package struct SystemFinding: Sendable, Equatable, Encodable {
    package enum Status: String, Sendable, Encodable {
        /// It is as it should be.
        case ok
        /// Something optional is missing, or worth knowing.
        case note
        /// Something that is needed is missing or does not work.
        case missing
    }

    /// A word for it, the same on every system.
    package let name: String
    package let status: Status
    /// What was found, in one line.
    package let value: String
    /// What to do about it; nil where nothing has to be done.
    package let remedy: String?

    package init(_ name: String, _ status: Status, _ value: String, remedy: String? = nil) {
        self.name = name
        self.status = status
        self.value = value
        self.remedy = remedy
    }
}

/// What is there of all that 8cut needs or can use, and what to do about the rest.
///
/// Nothing is written, and nothing is waited for longer than a few seconds: neither programs nor
/// disks that do not answer.
package struct SystemReport: Sendable, Equatable, Encodable {
    /// Version of the JSON form.
    package let v: Int
    package let checks: [SystemFinding]

    package init(_ checks: [SystemFinding]) {
        v = 1
        self.checks = checks
    }

    /// How many of the things that are needed are missing.
    package var missingCount: Int { checks.count { $0.status == .missing } }

    /// Looks at everything.
    ///
    /// - Parameters:
    ///   - home: where the library and the tools are.
    ///   - program: `8cut`.
    /// - Returns: the findings, in the order in which they are shown.
    /// - Throws: `CancellationError`.
    package static func read(
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram
    ) async throws -> SystemReport {
        async let media = MediaChecks.findings()
        async let curl = ProgramChecks.curl()
        async let runtime = RuntimeChecks(home: home, program: program).findings()
        async let storage = StorageChecks(home: home).findings()
        return SystemReport(
            try await media + [try await curl] + MachineChecks.findings(program: program)
                + (try await runtime) + (await storage) + VariableChecks.findings()
        )
    }
}
