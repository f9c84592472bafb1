import DesktopModel
import Files
import Glibc
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
            "/clip.mp4": [Mark(id: 1, frame: 1, kind: .point(x: 1, y: 2, isPositive: false))]
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

    @Test(arguments: [
        "1e300", "-1e300", "-1e18", "1e18", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616", "1e999", "0", "-0.0", "null", "\"NaN\"", "[]",
    ])
    func noNumberIsTooMuch(_ number: String) throws {
        let text = """
            {
              "files": [{"path": "/a.mp4", "cursor": \(number)}],
              "volume": \(number), "windowWidth": \(number), "windowHeight": \(number),
              "overlay": {"isOn": true, "colour": \(number), "opacity": \(number),
                "hasOutline": true},
              "masks": {"method": "sam", "depthModel": "", "samModel": "", "device": "auto",
                "isInverted": false, "threshold": \(number), "isSteady": true},
              "export": {"name": "clip", "folder": "/c", "label": "", "category": "",
                "count": \(number), "spread": \(number), "preset": "", "crop": "",
                "cropCenter": \(number), "shortSide": \(number), "allowsShort": false},
              "marks": {"/c.mp4": [
                {"id": \(number), "frame": \(number),
                 "kind": {"point": {"x": \(number), "y": \(number), "isPositive": true}}}]}
            }
            """
        try AtomicFile.write(text, to: home.path.appending("session.json"))
        let state = SessionState.read(home).state
        for file in state.files {
            #expect(Limits.seconds.contains(file.cursor))
            #expect(ExportModel.start(file.cursor) != "")
            #expect(TimeText.exact(file.cursor) != "")
        }
        #expect((0...1).contains(state.volume))
        #expect(Limits.windowSizes.contains(state.windowWidth))
        #expect(Limits.windowSizes.contains(state.windowHeight))
        #expect(OverlayModel.colours.indices.contains(state.overlay.colour))
        #expect((0...1).contains(state.overlay.opacity))
        #expect((0...255).contains(state.masks.threshold ?? 0))
        #expect((1...100).contains(state.export.count))
        #expect((0.1...600).contains(state.export.spread))
        #expect((0...1).contains(state.export.cropCenter))
        #expect((0...8192).contains(state.export.shortSide))
        for mark in state.marks.values.joined() {
            #expect(Limits.frames.contains(mark.frame) && mark.id < Int.max)
            #expect(mark.arguments.count == 2)
        }
    }

    @Test func listsAndTextsAreLimited() throws {
        var state = SessionState()
        state.files = (0..<6000).map { .init(path: "/\($0).mp4", cursor: 0) }
        state.files[0].path = "relative.mp4"
        state.files[1].path = "/" + String(repeating: "a", count: 5000)
        state.export.label = String(repeating: "long ", count: 100_000)
        let mark = Mark(id: 7, frame: 1, kind: .point(x: 1, y: 2, isPositive: true))
        state.marks = ["/a.mp4": Array(repeating: mark, count: 30_000), "b.mp4": [mark]]
        try state.write(home)
        let read = SessionState.read(home).state
        #expect(read.files.count == Limits.videos - 2)
        #expect(read.export.label == "")
        #expect(read.marks.keys.sorted() == ["/a.mp4"])
        let marks = read.marks["/a.mp4"] ?? []
        #expect(marks.count == Limits.marksOfClip)
        #expect(Set(marks.map(\.id)).count == marks.count)
    }

    /// Whatever has the name, the app starts, follows no link and waits for nothing.
    @Test(arguments: ["pipe", "folder", "link", "dangling", "device", "large"])
    func whatIsNoPlainFileIsSetAside(_ kind: String) throws {
        let path = home.path.appending("session.json")
        let precious = folder["precious"]
        try AtomicFile.write("{\"volume\": 0.5}", to: precious)
        switch kind {
        case "pipe": mkfifo(path.string, 0o600)
        case "folder": try Folder.create(path)
        case "link": symlink(precious.string, path.string)
        case "dangling": symlink("missing", path.string)
        case "device": symlink("/dev/zero", path.string)
        default:
            try AtomicFile.write("{}", to: path)
            truncate(path.string, 1 << 40)
        }
        let (state, damaged) = SessionState.read(home)
        #expect(state == SessionState())
        let aside = try #require(damaged)
        #expect(aside.lastComponent == "session.json.damaged")
        try state.write(home)
        #expect(try Folder.kind(of: path) == .file)
        #expect(try SmallFile.read(precious, limit: 100) == Array("{\"volume\": 0.5}".utf8))
    }

    @Test func whatWasSetAsideBeforeStays() throws {
        let path = home.path.appending("session.json")
        for text in ["{\"one", "{\"two"] {
            try AtomicFile.write(text, to: path)
            _ = SessionState.read(home)
        }
        let texts = try ["session.json.damaged", "session.json.damaged-2"].map {
            try SmallFile.read(home.path.appending($0), limit: 100)
        }
        #expect(texts == [Array("{\"one".utf8), Array("{\"two".utf8)])
    }

    @Test func itIsTheOwnersAlone() throws {
        try SessionState().write(home)
        let status = FileStatus(following: home.path.appending("session.json"))
        #expect(status?.permissions == .privateFile)
    }

    @Test func thereNeedNotBeOne() {
        #expect(SessionState.read(home).state == SessionState())
    }
}
