import ClipLibrary
import DesktopModel
import Files
import SystemPackage
import TestSupport
import Testing

/// What the rows say is what the command line takes.
@Suite struct FormTests {
    @Test func everyExportFormIsACommandLine() async throws {
        let folder = try TemporaryFolder()
        let video = try await CounterClip.make(
            folder["video.mp4"],
            rate: "10",
            frames: 100,
            seconds: 10
        )
        var forms = [ExportForm(), ExportForm(), ExportForm()]
        forms[1].preset = "saganet"
        forms[1].crop = "9:16"
        forms[1].cropCenter = 0.25
        forms[1].shortSide = 64
        forms[2].preset = "ltx2"
        forms[2].label = "a 'quoted' label; $(rm -rf)"
        forms[2].category = "Tool"
        forms[2].allowsShort = true
        for form in forms {
            let result = try await Program.run8cut(
                [
                    "export", "--input", video.string, "--start", ExportModel.start(1), "--to",
                    folder["clips"].string, "--name", form.name, "--dry-run",
                ] + form.settingArguments + form.labelArguments
            )
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test(arguments: [
        ("/home/you/take.mp4", "/home/you/clips"),
        // A portal gave the file alone, or with the folder that it is in.
        ("/run/user/1000/doc/4d5e6f/take.mp4", "/videos/8-cut"),
        ("/run/user/1000/doc/4d5e6f/takes/take.mp4", "/run/user/1000/doc/4d5e6f/takes/clips"),
    ])
    func clipsGoBesideTheVideoOrAmongTheUsersVideos(video: String, expected: String) {
        #expect(ExportForm.folder(for: FilePath(video), videos: "/videos") == FilePath(expected))
    }

    @Test func aStartIsJustBehindItsFrame() {
        #expect(ExportModel.start(1.5) == "1.500001")
        #expect(ExportModel.start(0) == "0.000001")
        // 1001/30000 of a second cannot be written down exactly.
        #expect(ExportModel.start(1001.0 / 30000) == "0.033367667")
    }

    @Test func marksAreOptionsOfTheCommandLine() {
        let point = Mark(id: 1, frame: 12, kind: .point(x: 640, y: 360.5, isPositive: true))
        #expect(point.arguments == ["--point", "640,360.5@12"])
        let other = Mark(id: 2, frame: 0, kind: .point(x: 1, y: 2, isPositive: false))
        #expect(other.arguments == ["--point", "1,2,-@0"])
        let box = Mark(id: 3, frame: 7, kind: .box(left: 1, top: 2, right: 3, bottom: 4))
        #expect(box.arguments == ["--box", "1,2,3,4@7"])
    }

    @Test func marksStayInsideTheFrame() {
        let size = (width: 100, height: 50)
        let point = Mark(id: 1, frame: 0, kind: .point(x: 90, y: 5, isPositive: true))
        #expect(point.moved(by: (30, -30), in: size).kind == .point(x: 99, y: 0, isPositive: true))
        let box = Mark(id: 2, frame: 0, kind: .box(left: 10, top: 10, right: 40, bottom: 30))
        let moved = box.moved(by: (100, -100), in: size).kind
        #expect(moved == .box(left: 70, top: 0, right: 100, bottom: 20))
    }

    @Test(arguments: MaskMethodChoice.allCases)
    func everyMaskFormIsACommandLine(_ method: MaskMethodChoice) async throws {
        let folder = try TemporaryFolder()
        var form = MaskForm()
        form.method = method
        form.threshold = 100
        form.isInverted = true
        let marks = [Mark(id: 1, frame: 0, kind: .point(x: 1, y: 2, isPositive: false))]
        let result = try await Program.run8cut(
            form.arguments(marks) + ["--input", folder["none.mp4"].string]
        )
        // Understood: what is missing is the video, or before that the tools.
        #expect(result.status != 64, "\(result.errors)")
        #expect(result.status != 0)
    }
}
