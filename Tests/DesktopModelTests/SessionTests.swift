import DesktopModel
import Files
import SystemPackage
import TestSupport
import Testing

/// What is remembered survives damage and other versions.
@Suite struct SessionTests {
    private let folder: TemporaryFolder
    private let home: EightCutHome

    init() throws {
        folder = try TemporaryFolder()
        home = EightCutHome(folder["home"])
        try Folder.create(home.path)
    }

    @Test func whatIsWrittenIsRead() throws {
        var state = SessionState()
        state.files = [.init(path: "/a b/ü.mp4", cursor: 1.25)]
        state.masks.method = .sam
        state.marks = [
            "/clip.mp4": [Mark(id: 3, frame: 1, kind: .point(x: 1, y: 2, isPositive: false))]
        ]
        try state.write(home)
        let (read, damaged) = SessionState.read(home)
        #expect(read == state)
        #expect(damaged == nil)
    }

    @Test func aDamagedFileIsSetAside() throws {
        let path = home.path.appending("session.json")
        try AtomicFile.write("{\"files\": [", to: path)
        let (state, damaged) = SessionState.read(home)
        #expect(state == SessionState())
        let aside = try #require(damaged)
        #expect(try Folder.kind(of: aside) == .file)
        #expect(try Folder.kind(of: path) == .missing)
    }

    @Test func whatIsMissingOrStrangeIsAsNobodyHasChangedIt() throws {
        let text = """
            {"volume": 0.5, "masks": {"method": "from the future"}, "unknown": 1, "files": 7}
            """
        try AtomicFile.write(text, to: home.path.appending("session.json"))
        let (state, damaged) = SessionState.read(home)
        #expect(damaged == nil)
        #expect(state.volume == 0.5)
        #expect(state.masks == MaskForm())
        #expect(state.files == [])
    }

    @Test func thereNeedNotBeOne() {
        #expect(SessionState.read(home).state == SessionState())
    }
}
