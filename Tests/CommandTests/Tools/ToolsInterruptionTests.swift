import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Installing and reinstalling that is ended from outside, at every step.
@Suite(.serialized) struct ToolsInterruptionTests {
    private static let steps = ["venv", "upgrade", "packages", "list"]

    @Test(arguments: steps)
    func aKilledInstallIsIncompleteAndCanBeMadeAnew(step: String) async throws {
        let tools = try await FakeTools()

        let killed = try await tools.run("install", "--cpu", slow: step) { process in
            try await tools.wait(forStep: step)
            kill(process, SIGKILL)
        }

        #expect(killed.status == 128 + SIGKILL)
        #expect(try await !tools.isStillWriting(), "pip goes on alone")
        #expect(try await tools.state().state == "incomplete")
        let again = try await tools.run("install", "--cpu")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try await tools.state().state == "installed")
    }

    @Test(arguments: steps)
    func aKilledReinstallBringsTheOldOneBack(step: String) async throws {
        let tools = try await FakeTools()
        try await expectInstalled(tools, tag: "old")

        _ = try await tools.run("install", "--cpu", "--reinstall", slow: step) { process in
            try await tools.wait(forStep: step)
            kill(process, SIGKILL)
        }

        #expect(try await !tools.isStillWriting(), "pip goes on alone")
        #expect(try await tools.state().state == "installed")
        #expect(tools.has("venv/old") && !tools.has("venv.previous"))
        try await expectInstalled(tools, tag: "new")
    }

    /// Nothing is slow here, so that the kill falls between steps and into file operations too.
    @Test(arguments: Array(stride(from: 5, through: 200, by: 19)))
    func aReinstallKilledAtAnyMomentLeavesOldOrNew(milliseconds: Int) async throws {
        let tools = try await FakeTools()
        try await expectInstalled(tools, tag: "old")

        _ = try await tools.run(
            "install",
            "--cpu",
            "--reinstall",
            variables: ["FAKE_TAG": "new"]
        ) { process in
            try await Task.sleep(for: .milliseconds(milliseconds))
            kill(process, SIGKILL)
        }

        // The system releases the lock of the killed run in a moment.
        #expect(try await tools.state().state == "installed")
        #expect(tools.has("venv/old") != tools.has("venv/new"))
        #expect(try Folder.names(in: tools.home) == ["venv"])
    }

    @Test(arguments: steps)
    func ctrlCEndsSoonAndLeavesNothing(step: String) async throws {
        let tools = try await FakeTools()
        let signalled = Moment()

        let result = try await tools.run("install", "--cpu", slow: step) { process in
            try await tools.wait(forStep: step)
            signalled.set(.now)
            kill(process, SIGINT)
        }

        let start = try #require(signalled.get())
        #expect(start.duration(to: .now) < Program.stopLimit)
        #expect(result.status == 130, "\(result.errors)")
        #expect(try await !tools.isStillWriting(), "pip goes on alone")
        #expect(try await tools.state().state == "absent")
    }

    @Test(arguments: ["venv", "packages"], [SIGINT, SIGTERM, SIGHUP])
    func aCancelledReinstallBringsTheOldOneBack(step: String, signal: Int32) async throws {
        let tools = try await FakeTools()
        try await expectInstalled(tools, tag: "old")

        let result = try await tools.run("install", "--reinstall", slow: step) { process in
            try await tools.wait(forStep: step)
            kill(process, signal)
        }

        #expect(result.status == 128 + signal)
        #expect(tools.has("venv/old") && !tools.has("venv.previous"))
        #expect(try await tools.state().state == "installed")
    }

    @Test func aFailedReinstallBringsTheOldOneBack() async throws {
        let tools = try await FakeTools()
        try await expectInstalled(tools, tag: "old")

        let result = try await tools.run(
            "install",
            "--reinstall",
            variables: ["FAKE_FAILURE": "ERROR: it went wrong"]
        )

        #expect(result.status == 71 && result.errors.contains("ERROR: it went wrong"))
        #expect(tools.has("venv/old") && !tools.has("venv.previous"))
        #expect(try await tools.state().state == "installed")
    }

    @Test func aSecondRunFailsAsBusy() async throws {
        let tools = try await FakeTools()
        _ = try await tools.run("install", "--cpu", slow: "packages") { process in
            try await tools.wait(forStep: "packages")
            let second = try await tools.run("install", "--cpu")
            #expect(second.status == 75 && second.errors.contains("Wait for it to end"))
            #expect(try await tools.run("remove").status == 75)
            let status = try await tools.run("status")
            #expect(status.output.contains("incomplete") && status.output.contains("another run"))
            kill(process, SIGINT)
        }
    }

    private func expectInstalled(_ tools: FakeTools, tag: String) async throws {
        let result = try await tools.run(
            "install",
            "--cpu",
            "--reinstall",
            variables: ["FAKE_TAG": tag]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(tools.has("venv/" + tag) && !tools.has("venv.previous"))
        tools.forgetSteps()
    }
}
