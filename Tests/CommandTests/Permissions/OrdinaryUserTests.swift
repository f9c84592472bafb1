import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// What permissions forbid: root, whom nothing stops, runs these as another user.
@Suite struct OrdinaryUserTests {
    private let folder: TemporaryFolder
    private let user: OrdinaryUser
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        user = try await OrdinaryUser(in: folder)
        clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        chmod(clip.string, 0o644)
    }

    private func export(to clips: FilePath, _ more: [String] = []) async throws -> ProgramResult {
        try await user.run8cut(
            [
                "export", "-i", clip.string, "--start", "0", "--duration", "0.5", "--name", "a",
                "--to", clips.string,
            ] + more
        )
    }

    private func permissions(_ path: FilePath) -> mode_t {
        var info = stat()
        return lstat(path.string, &info) == 0 ? info.st_mode & 0o7777 : 0
    }

    @Test func aVideoThatMayNotBeReadIsNotExported() async throws {
        chmod(clip.string, 0)
        let clips = user.home.appending("clips")

        let result = try await export(to: clips)

        #expect(result.status == 66, "\(result.errors)")
        #expect(result.errors.contains("'\(clip)': Permission denied"), "\(result.errors)")
    }

    @Test func aPreviewIntoAFolderThatMayNotBeWrittenToNamesTheOption() async throws {
        let output = folder["closed"]
        try Folder.create(output)
        chmod(output.string, 0o555)
        let masks = user.home.appending("masks")
        let made = try await user.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", masks.string,
        ])
        #expect(made.status == 0, "\(made.errors)")

        let result = try await user.run8cut([
            "preview", "-i", clip.string, "--masks", masks.string, "--output",
            output.appending("p.png").string,
        ])

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("--output"), "\(result.errors)")
        #expect(try Folder.names(in: output).isEmpty)
    }

    /// Before the search, which may take a minute with a detector.
    @Test(arguments: [("--output", "p.json"), ("--preview", "p.png")])
    func aFolderThatMayNotBeWrittenToEndsASearchAtOnce(option: String, name: String) async throws {
        let closed = folder["closed"]
        try Folder.create(closed)
        chmod(closed.string, 0o555)
        let result = try await user.run8cut([
            "detect", "-i", clip.string, option, closed.appending(name).string,
        ])
        #expect(result.status == 73 && result.output.isEmpty, "\(result.errors)")
        #expect(!result.errors.contains("frame "), "\(result.errors)")
        #expect(result.errors.contains("Permission denied") && result.errors.contains(option))
    }

    @Test func masksOfAnotherUserAreNotReplaced() async throws {
        let masks = folder["masks"]
        let first = try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", masks.string,
        ])
        #expect(first.status == 0)
        chmod(masks.string, 0o555)
        let before = try MaskSet.content(of: masks)

        let result = try await user.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", masks.string, "--invert", "--overwrite",
        ])

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("'\(masks)"), "\(result.errors)")
        #expect(try MaskSet.content(of: masks) == before)
        chmod(masks.string, 0o755)
    }

    /// Another user's leftovers in a folder for everybody, which the sticky bit protects.
    @Test(.enabled(if: Sandbox.isRoot)) func othersFilesInAStickyFolderStayAndDoNoHarm()
        async throws
    {
        let shared = folder["shared"]
        try Folder.create(shared)
        chmod(shared.string, 0o1777)
        let names = [".8cut-tmp-1-x.png", ".8cut-tmp-clip-1-2-a_001.mp4", "a_001.txt"]
        for name in names { try AtomicFile.write("other", to: shared.appending(name)) }

        let result = try await export(to: shared)

        #expect(result.status == 0, "\(result.errors)")
        #expect(Set(try Folder.names(in: shared)).isSuperset(of: names + ["dataset.json"]))
        let masks = try await user.run8cut(["masks", "saliency", "--last"])
        #expect(masks.status == 0, "\(masks.errors)")
        for name in names {
            #expect(try MaskSet.bytes(of: shared.appending(name)) == Array("other".utf8))
        }
    }

    @Test func aLibraryThatMayOnlyBeReadIsListed() async throws {
        let clips = user.home.appending("clips")
        let made = try await export(to: clips, ["--label", "dog"])
        #expect(made.status == 0, "\(made.errors)")
        let own = user.home.appending(".8cut")
        _ = try await Program.run("chmod", ["-R", "a-w", own.string])

        let list = try await user.run8cut(["library", "list"])
        let table = try await user.run8cut(["library", "export", "--csv"])
        let again = try await export(to: clips)

        _ = try await Program.run("chmod", ["-R", "u+w", own.string])
        #expect(list.status == 0 && list.output.contains("a_001"), "\(list.errors)")
        #expect(table.status == 0 && table.output.contains("dog"), "\(table.errors)")
        #expect(again.status == 73, "\(again.errors)")
        #expect(try !Folder.names(in: clips).contains("a_002.mp4"))
    }

    /// Whatever the umask is.
    @Test(arguments: ["0", "022", "077"])
    func theHomeFolderIsReadableByItsOwnerAlone(umask: String) async throws {
        let clips = user.home.appending("clips")
        let result = try await user.run(
            script: """
                umask $1; "$0" export -i "$2" --start 0 --duration 0.5 --name a --to "$3" &&
                "$0" masks saliency --last && "$0" library relabel 1 --label dog &&
                "$0" models list >models.txt
                """,
            [umask, clip.string, clips.string]
        )

        #expect(result.status == 0, "\(result.errors)")
        let own = user.home.appending(".8cut")
        #expect(permissions(own) == 0o700)
        for name in try Folder.names(in: own) {
            let mode = permissions(own.appending(name))
            #expect(mode & 0o077 == 0, "\(name) has the permissions \(String(mode, radix: 8))")
        }
    }

    /// A home folder that an earlier version, or `cp`, has made.
    @Test func aHomeFolderThatOthersCouldReadIsClosed() async throws {
        let own = user.home.appending(".8cut")
        try user.makeFolder(own)
        chmod(own.string, 0o755)

        let result = try await export(to: user.home.appending("clips"))

        #expect(result.status == 0, "\(result.errors)")
        #expect(permissions(own) == 0o700)
    }

    /// The home folder of the password database is nobody's.
    @Test(.enabled(if: Sandbox.isRoot)) func withoutAHomeMasksAreMadeAndExportsNameTheVariable()
        async throws
    {
        let output = user.home.appending("masks")
        let masks = try await user.run(
            script: #"unset HOME XDG_DATA_HOME; exec "$0" masks saliency -i "$1" -o "$2""#,
            [clip.string, output.string]
        )
        #expect(masks.status == 0, "\(masks.errors)")

        let export = try await user.run(
            script: """
                unset HOME XDG_DATA_HOME
                exec "$0" export -i "$1" --start 0 --duration 0.5 --name a --to "$2"
                """,
            [clip.string, user.home.appending("clips").string]
        )
        #expect(export.status == 73, "\(export.errors)")
        #expect(export.errors.contains("EIGHTCUT_HOME"), "\(export.errors)")
    }

    /// Where no thread and no process can be made, there is an error and no hang.
    @Test(.enabled(if: Sandbox.isRoot), arguments: [1, 4, 12])
    func fewProcessesAreAnError(limit: Int) async throws {
        let result = try await user.run(
            script: #"exec "$0" masks saliency -i "$1" -o masks --quiet"#,
            [clip.string],
            processes: limit
        )

        // 124 and more: it hung, or a signal ended it.
        #expect((0..<124).contains(result.status), "\(result.status): \(result.errors)")
        if result.status == 0 {
            #expect(try MaskSet(user.home.appending("masks")).names.count == 24)
        } else {
            #expect(!result.errors.isEmpty)
        }
    }

    /// A trash folder on another disk that somebody else has made is not used.
    @Test(
        .enabled(if: Sandbox.isRoot),
        arguments: [
            "mkdir -m 0777 .Trash-65534", "mkdir -m 0777 ../t; ln -s ../t .Trash-65534",
        ]
    )
    func aTrashFolderOfSomebodyElseIsNotUsed(preparation: String) async throws {
        guard await Sandbox.canMount else { return }
        let disk = folder["disk"]
        try Folder.create(disk)
        let result = try await Sandbox.run(
            script: """
                mount -t tmpfs -o mode=1777 none "$1" && cd "$1" && \(preparation) || exit 99
                user="setpriv --reuid=65534 --regid=65534 --clear-groups"
                export HOME="$3" XDG_DATA_HOME="$3/data"
                $user "$4" export -i "$2" --start 0 --duration 0.5 --name a --to "$1/clips" ||
                    exit 98
                $user "$4" library delete 1; echo "status $?"
                find "$1/.Trash-65534/" "$1/../t" -type f 2>/dev/null; ls "$1/clips"
                """,
            [disk.string, clip.string, user.home.string, user.program.string]
        )

        #expect(result.lines.contains { $0.hasPrefix("status ") && $0 != "status 0" }, "\(result)")
        #expect(result.lines.contains("a_001.mp4"), "\(result)")
        #expect(!result.output.contains("trashinfo"), "\(result.output)")
    }
}
