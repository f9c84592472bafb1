import Files
import Glibc
import MLTools
import SystemPackage
import TestSupport
import Testing

/// The library that pip puts beside the program.
@Suite struct PythonPrefixTests {
    /// A prefix with a program in `bin`, and folders and files in the places that are named.
    private func prefix(_ files: [String], in folder: TemporaryFolder) throws -> PythonPrefix? {
        let path = folder["prefix"]
        for file in files + ["bin/8cut"] {
            let place = path.appending(file)
            try Folder.create(place.removingLastComponent())
            try AtomicFile.write("", to: place)
        }
        return PythonPrefix(of: path.appending("bin/8cut"))
    }

    private static let capi = "onnxruntime/capi/libonnxruntime.so.1.30.0"

    @Test(arguments: [
        "lib/python3.12/site-packages", "lib64/python3.11/site-packages",
        "lib/python3/dist-packages", "lib/python3.13/dist-packages",
        "lib/python3.14t/site-packages",
    ])
    func theLibraryIsFoundWhereverPythonsKeepIt(packages: String) throws {
        let folder = try TemporaryFolder()
        let files = ["\(Self.capi)", "onnxruntime-1.30.0.dist-info/METADATA"].map {
            "\(packages)/\($0)"
        }
        let found = try #require(try prefix(files, in: folder)?.runtime)
        #expect(found.path == folder["prefix"].appending("\(packages)/\(Self.capi)").string)
        #expect(found.source == .pip && found.variant == .cpu)
    }

    @Test func theInstalledPackageSaysWhetherItIsForGPUs() throws {
        let folder = try TemporaryFolder()
        let packages = "lib/python3.12/site-packages"
        let files = [
            Self.capi, "onnxruntime/capi/libonnxruntime_providers_cuda.so",
            "onnxruntime_gpu-1.30.0.dist-info/METADATA",
        ].map { "\(packages)/\($0)" }
        #expect(try prefix(files, in: folder)?.runtime?.variant == .gpu)
    }

    @Test func thePythonThatHasTheProgramComesFirst() throws {
        let folder = try TemporaryFolder()
        let files = ["3.9", "3.10", "3.12"].map { "lib/python\($0)/site-packages/\(Self.capi)" }
        let newest = try #require(try prefix(files, in: folder)?.runtime)
        #expect(newest.path.contains("/python3.12/"))
        let own = try prefix(
            ["lib/python3.10/site-packages/8cut-0.1.0.dist-info/METADATA"],
            in: folder
        )
        #expect(own?.runtime?.path.contains("/python3.10/") == true)
    }

    @Test func aLinkLeadsToThePrefix() throws {
        let folder = try TemporaryFolder()
        _ = try prefix(["lib/python3.12/site-packages/\(Self.capi)"], in: folder)
        symlink(folder["prefix"].appending("bin/8cut").string, folder["8cut"].string)
        #expect(PythonPrefix(of: folder["8cut"])?.runtime != nil)
    }

    @Test func aProgramElsewhereHasNone() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("", to: folder["8cut"])
        #expect(PythonPrefix(of: folder["8cut"]) == nil)
        #expect(PythonPrefix(of: folder["missing"]) == nil)
        let prefix = try prefix(["lib/python3.12/site-packages/numpy/core.so"], in: folder)
        #expect(prefix?.runtime == nil && prefix?.hasProgram == false)
    }

    @Test func onlyItsOwnPackageIsTheProgram() throws {
        let folder = try TemporaryFolder()
        let packages = "lib/python3.12/site-packages"
        #expect(
            try prefix(["\(packages)/8cut_more-1.0.dist-info/METADATA"], in: folder)?.hasProgram
                == false
        )
        #expect(
            try prefix(["\(packages)/8cut-0.1.0.dist-info/METADATA"], in: folder)?.hasProgram
                == true
        )
    }
}
