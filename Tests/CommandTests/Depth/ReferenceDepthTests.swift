import Diagnostics
import Files
import MaskStore
import Methods
import SystemPackage
import TestSupport
import Testing

/// The reference engine with a stand-in for its script, which needs no neural network.
@Suite struct ReferenceDepthTests {
    /// What a run that ends early must have left: four masks, and nothing of the script.
    private func expectFourMasks(_ reference: StandInReference) throws {
        let masks = try MaskSet(reference.output)
        #expect(masks.names.count == 4 && !masks.manifest.complete)
        #expect(try reference.leftovers().isEmpty)
    }

    @Test func masksAreThoseOfTheScript() async throws {
        let reference = try await StandInReference()
        let summary = try await reference.run()
        let masks = try MaskSet(reference.output)
        #expect(masks.manifest.complete && masks.manifest.frameCount == 12)
        #expect(summary.frameCount == 12 && !summary.wasComplete)
        #expect(masks.manifest.method.name == "depth")
        #expect(masks.manifest.method.settings["engine"] == .text("reference"))
        for frame in 0..<12 {
            let mask = try masks[frame]
            #expect(mask.pixels.count { $0 == 255 } == 40 * 40)
            #expect(mask.pixels[20 * 160 + frame] == 255)
            #expect(mask.pixels[20 * 160 + frame + 40] == 0)
        }
        #expect(try reference.leftovers().isEmpty)
    }

    @Test(arguments: [
        ("short", "OpenCV decodes fewer"), ("fail", "error: out of memory"), ("die", "signal 9"),
        ("small", "OpenCV sees 80x90"),
    ])
    func aScriptThatFailsIsAClearError(how: String, why: String) async throws {
        let reference = try await StandInReference()
        try reference.behave(how)
        let error = await #expect(throws: EightCutError.self) { try await reference.run() }
        #expect(error?.code == .toolFailed)
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
        // Masks of later frames may have been written beside the one that is too small.
        if how != "small" { try expectFourMasks(reference) }
        #expect(try reference.leftovers().isEmpty)
    }

    @Test func aRunResumesWhereItStopped() async throws {
        let reference = try await StandInReference()
        try reference.behave("fail")
        await #expect(throws: EightCutError.self) { try await reference.run() }
        try reference.behave("well")
        _ = try await reference.run()
        #expect(try MaskSet(reference.output).manifest.complete)
        #expect(try reference.skips() == ["0", "4"])

        let undisturbed = try await StandInReference()
        _ = try await undisturbed.run()
        for frame in 0..<12 {
            #expect(try MaskSet(reference.output)[frame] == MaskSet(undisturbed.output)[frame])
        }
    }

    @Test func aCancelledRunEndsTheScriptWithinASecond() async throws {
        let reference = try await StandInReference()
        try reference.behave("hang")
        let run = Task { try await reference.run() }
        try await waitForFile(reference.clip.removingLastComponent().appending("heartbeat"))
        try await waitForFile(reference.output.appending("frame_0003.png"))
        let start = ContinuousClock.now
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(start.duration(to: .now) < .seconds(1))
        #expect(try await !reference.isStillRunning())
        try expectFourMasks(reference)
    }

    @Test func whatAKilledRunHasLeftIsRemoved() async throws {
        let reference = try await StandInReference()
        let left = reference.home.appending("reference").appending("run-killed")
        try Folder.create(left.appending("masks"))
        try AtomicFile.write("old", to: left.appending("masks").appending("frame_0000.png"))
        _ = try await reference.run()
        #expect(try reference.leftovers().isEmpty)
    }

    @Test func withoutTheReferencePackagesTheRemedyIsNamed() async throws {
        let reference = try await StandInReference(hasReference: false)
        let error = await #expect(throws: EightCutError.self) { try await reference.run() }
        #expect(error?.code == .toolMissing)
        #expect(error?.remedy?.contains("8cut tools install --reference") == true)
        #expect(try Folder.kind(of: reference.output) == .missing)
    }

    @Test func theScriptIsFoundBesideTheProgram() throws {
        let built = try ReferenceScript.depth.find(program: Program.eightCut)
        let text = String(decoding: try MaskSet.bytes(of: built), as: UTF8.self)
        #expect(text.contains("THRESH_OTSU"))

        let folder = try TemporaryFolder()
        let program = folder["usr"].appending("bin").appending("8cut")
        try Folder.create(program.removingLastComponent())
        try AtomicFile.write("", to: program)
        let error = #expect(throws: EightCutError.self) {
            try ReferenceScript.depth.find(program: program)
        }
        #expect(error?.code == .toolMissing)
        let share = folder["usr"].appending("share").appending("8cut")
        try Folder.create(share)
        try AtomicFile.write("", to: share.appending("depth_masks.py"))
        let installed = try ReferenceScript.depth.find(program: program)
        #expect(installed == share.appending("depth_masks.py"))
    }
}
