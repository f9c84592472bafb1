import Files
import SystemPackage
import TestSupport
import Testing

/// Clips that `8cut dataset export` cannot put into a data set: each is named, with a command that
/// helps, also with `--quiet`.
@Suite(.serialized) struct RejectedClipTests {
    private static func sentence(_ result: ProgramResult, of clip: Int) -> String {
        result.errors.split(separator: "\n").map(String.init)
            .first { $0.contains("clip \(clip), ") } ?? ""
    }

    @Test func aVideoThatIsGoneMattersOnlyWhereAClipIsCutAgain() async throws {
        let run = try await DatasetRun(clips: 2)
        try OpenFolder(run.folder.path).removeTree("video.mp4")
        let recut = try await run.export("mmaudio-16k", ["--quiet"])
        #expect(recut.status == 65, "\(recut.errors)")
        for clip in 1...2 {
            let sentence = Self.sentence(recut, of: clip)
            #expect(sentence.contains("last frame begins at 7.96 s"), "\(recut.errors)")
            #expect(sentence.contains("video.mp4' is gone"))
            #expect(sentence.contains("8cut export --replace \(clip) --input VIDEO"))
        }
        #expect(recut.output.isEmpty)
        #expect(try !Folder.names(in: run.folder.path).contains("set"))
        let linked = try await run.export("hf", ["--quiet"])
        #expect(linked.status == 0 && linked.errors.isEmpty, "\(linked.errors)")
    }

    @Test func masksOlderThanTheirClipAreNamed() async throws {
        let run = try await DatasetRun(clips: 2, duration: "0.4")
        #expect(try await run.eightCut(["masks", "saliency", "--clip", "1", "-q"]).status == 0)
        let again = ["export", "--replace", "1", "--crf", "40", "--preset", "ultrafast", "-q"]
        #expect(try await run.eightCut(again).status == 0)
        let result = try await run.export("hf", ["--quiet"])
        #expect(result.status == 65, "\(result.errors)")
        let sentence = Self.sentence(result, of: 1)
        #expect(sentence.contains("made for an earlier version of the clip"), "\(result.errors)")
        #expect(sentence.contains("8cut masks saliency --clip 1 --overwrite"))
        #expect(result.errors.contains("--skip-rejected"))
        #expect(Self.sentence(result, of: 2).isEmpty)
        let rest = try await run.export("hf", ["--quiet", "--skip-rejected"])
        #expect(rest.status == 0 && rest.errors.isEmpty, "\(rest.errors)")
        #expect(
            try Folder.names(in: run.folder["set"].appending("train"))
                == ["dog_002.mp4", "metadata.jsonl"]
        )
    }

    @Test func everyReasonHasARemedy() async throws {
        let run = try await DatasetRun(clips: 1, duration: "0.4", label: "NA")
        for profile in ["mmaudio-44k", "fal-v2a", "avsbench", "saganet", "thinksound"] {
            let result = try await run.export(profile, ["--dry-run", "--json"])
            #expect(result.status == 65)
            let rows = try LocatedJSON(parsing: Array(result.output.utf8), .strict)["rows"]?.items
            let rejections = try #require(rows?.first?["rejections"]?.items)
            #expect(!rejections.isEmpty)
            for rejection in rejections {
                let remedy = rejection["remedy"]?.string ?? ""
                #expect(remedy.contains("8cut "), "\(profile): \(rejection["why"]?.string ?? "")")
            }
        }
    }

    /// The clip is silent, and what MMAudio needs beyond its end is not.
    @Test func silenceIsJudgedAfterTheClipIsCutAgain() async throws {
        let late = "aevalsrc='if(gt(t,9.005),0.4*sin(3000*t),0)':s=48000:d=12"
        let run = try await DatasetRun(clips: 2, audio: late)
        let whole = try await run.export("mmaudio-16k", ["--dry-run", "--json"])
        #expect(whole.status == 0, "\(whole.output)")
        let silent = try await DatasetRun(clips: 1, audio: "anullsrc=r=48000")
        let none = try await silent.export("mmaudio-16k", ["--quiet"])
        #expect(none.status == 65)
        #expect(Self.sentence(none, of: 1).contains("its audio is silent"), "\(none.errors)")
        #expect(Self.sentence(none, of: 1).contains("--audio-stream N"))
    }
}
