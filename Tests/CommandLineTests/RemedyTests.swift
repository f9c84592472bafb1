import Commands
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Remedies name options that the command has.
@Suite struct RemedyTests {
    private func error(_ code: ErrorCode, on subject: String? = nil, _ remedy: String? = nil)
        -> EightCutError
    {
        EightCutError(code, "cannot", on: subject, because: "of a reason", remedy: remedy)
    }

    @Test(arguments: HelpPage.all) func theAdviceOfACommandNamesItsOwnOptions(page: HelpPage) {
        let texts =
            Array(page.remedies.byCode.values) + Array(page.remedies.settings.values)
            + [page.remedies.output].compactMap(\.self)
        for text in texts { expectOptions(of: page, in: text) }
        for code in ErrorCode.allCases {
            let advice = page.remedies.advise(error(code, "Choose another folder.")).remedy ?? ""
            expectOptions(of: page, in: advice)
        }
    }

    @Test func anOptionIsAddedWhereTheRemedyLeavesTheChoice() {
        let remedies = Remedies(output: "--to", byCode: [.outputBusy: "Or pass --to."])
        let remedy = { remedies.advise($0).remedy }
        #expect(
            remedy(error(.outputUnusable, "Choose a folder that you may write to."))
                == "Choose a folder that you may write to, with --to."
        )
        #expect(
            remedy(error(.outputUnusable, "Choose another folder, or move it."))
                == "Choose another folder with --to, or move it."
        )
        #expect(remedy(error(.outputUnusable, "Move it away.")) == "Move it away.")
        #expect(remedy(error(.outputBusy, "Wait.")) == "Wait. Or pass --to.")
        #expect(remedy(error(.outputBusy)) == "Or pass --to.")
        #expect(remedy(error(.inputOutput, "Choose another disk.")) == "Choose another disk.")
        #expect(Remedies().advise(error(.outputBusy)).remedy == nil)
    }

    @Test func anOptionIsAddedToTheSettingThatTheRemedyNames() {
        let remedies = Remedies(byCode: [.usage: "Or none."], settings: ["frame rate": "--fps"])
        let remedy = { remedies.advise($0).remedy }
        #expect(
            remedy(error(.usage, "Set the frame rate.")) == "Set the frame rate (--fps). Or none."
        )
        #expect(remedy(error(.inputUnusable, "Choose another.")) == "Choose another.")
    }

    @Test func whatKeepsNothingStartsOver() {
        let stopped = error(.interrupted, "Run the same command again to go on.")
        #expect(Remedies().advise(stopped).remedy == "Run the same command again to go on.")
        let remedy = Remedies(resumes: false).advise(stopped).remedy
        #expect(remedy == "Run the same command again to start over.")
        for name in ["detect", "verify"] {
            let page = HelpPage.all.first { $0.words == ["8cut", name] }
            #expect(page?.remedies.advise(stopped).remedy == remedy, "\(name)")
        }
    }

    @Test func theProgramsOwnFolderIsChosenByAVariable() {
        let path = EightCutHome.current.settings.string
        let advised = Remedies(output: "--to").advise(
            error(.outputUnusable, on: path, "Choose a folder that you may write to.")
        )
        #expect(advised.remedy == "Set EIGHTCUT_HOME to a folder that you may write to.")
        #expect(advised.subject == path && advised.why == "of a reason")
    }

    @Test func anExportIntoAFolderThatMayNotBeWrittenToNamesTo() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try Folder.create(folder["home"])
        try Folder.create(folder["clips"])
        chmod(folder["home"].string, 0o777)
        chmod(folder["clips"].string, 0o555)
        chmod(clip.string, 0o644)

        let result = try await Sandbox.run8cutAsOrdinaryUser(
            [
                "export", "-i", clip.string, "--start", "0", "--duration", "0.2", "--name", "x",
                "--to", folder["clips"].string,
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder
        )

        #expect(result.status == 73)
        #expect(
            result.errors.contains("Choose a folder that you may write to, with --to."),
            "\(result.errors)"
        )
        #expect(!result.errors.contains("--output"))
    }

    @Test(arguments: [
        ["export", "-i", "clip.mp4", "--start", "0", "--name", "x", "--to", "clips"],
        ["models", "download", "depth-anything-v2-large", "--accept-license"],
    ])
    func aHomeThatMayNotBeWrittenToNamesItsVariable(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["home"])
        chmod(folder["home"].string, 0o555)

        let result = try await Sandbox.run8cutAsOrdinaryUser(
            arguments,
            environment: [
                "EIGHTCUT_HOME": folder["home"].string, "HF_HOME": folder["hub"].string,
                "HF_HUB_OFFLINE": "1",
            ],
            in: folder
        )

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("EIGHTCUT_HOME"), "\(result.errors)")
        #expect(!result.errors.contains("--"), "\(result.errors)")
    }

    /// Every option in a text is in the help of the command that gives it.
    private func expectOptions(of page: HelpPage, in text: String) {
        for word in text.split(whereSeparator: { " ,.;:()".contains($0) })
        where word.hasPrefix("--") {
            #expect(page.text.contains("\(word)"), "\(page.testDescription): \(text)")
        }
    }
}
