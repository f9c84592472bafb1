import Diagnostics
import MLTools
import OnnxEngine
import Testing

/// Choosing a build, and parsing the output of other programs.
@Suite struct ToolSelectionTests {
    @Test func theDriversAnswerIsRead() throws {
        let two = try #require(
            NvidiaDriver(csv: "NVIDIA H200, 580.65.06\nNVIDIA A2, 16 GB, 580.65.06\n")
        )
        #expect(two.gpus == ["NVIDIA H200", "NVIDIA A2, 16 GB"] && two.version == "580.65.06")
        #expect(two.cudaVersion == 13)
        #expect(NvidiaDriver(csv: "") == nil)
        #expect(NvidiaDriver(csv: "NVIDIA-SMI has failed, because it couldn't communicate") == nil)
        #expect(NvidiaDriver(csv: "No devices were found\n") == nil)
    }

    @Test(arguments: [("525.60.13", 12), ("579.9", 12), ("580.1", 13), ("610.2", 13), ("470", 0)])
    func theDriverDeterminesItsCUDA(version: String, cuda: Int) throws {
        #expect(try #require(NvidiaDriver(csv: "GPU, \(version)")).cudaVersion == cuda)
    }

    @Test func theBuildIsChosen() throws {
        let new = NvidiaDriver(csv: "GPU, 580.1")
        let old = NvidiaDriver(csv: "GPU, 470.1")
        #expect(try ToolSelection(wanted: nil, driver: nil).variant == .cpu)
        #expect(try ToolSelection(wanted: nil, driver: new).variant == .gpu)
        #expect(try ToolSelection(wanted: .cpu, driver: new).variant == .cpu)
        #expect(try ToolSelection(wanted: .gpu, driver: new).variant == .gpu)
        #expect(try ToolSelection(wanted: nil, driver: old).warning != nil)
        for driver in [nil, old] {
            #expect(throws: EightCutError.self) {
                try ToolSelection(wanted: .gpu, driver: driver)
            }
        }
    }

    @Test(arguments: [
        ("1.22.0", true), ("1.32.0", true), ("2.0", true), ("1.21.1", false), ("0.30", false),
        ("", false), ("x.y", false), ("1.23.0-dev", true),
    ])
    func oldLibrariesAreRefused(version: String, isAccepted: Bool) {
        #expect(RuntimeLibrary.isAccepted(version) == isAccepted)
    }

    @Test(arguments: [
        (
            [
                "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
            ],
            ErrorCode.inputOutput
        ),
        (
            [
                "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
                "ERROR: No matching distribution found for onnxruntime",
            ], .networkFailed
        ),
        (
            [
                "The virtual environment was not created successfully because ensurepip is not "
                    + "available."
            ], .toolMissing
        ),
        (["ERROR: No matching distribution found for onnxruntime"], .toolFailed),
        ([], .toolFailed),
    ])
    func aFailureOfPipIsUnderstood(lines: [String], code: ErrorCode) {
        let error = PipFailure.error(
            lines: lines,
            status: 1,
            freeBytes: 1_000_000_000,
            on: "/venv"
        )
        #expect(error.code == code)
        #expect(error.remedy != nil)
    }

    @Test func aDownloadThatBreaksOffOnAFullDiskIsTheDisk() {
        let lines = ["error: incomplete-download", "not enough bytes were received (0 bytes)"]
        let full = PipFailure.error(lines: lines, status: 1, freeBytes: 5_000_000, on: "/venv")
        #expect(full.code == .inputOutput && full.why.contains("the disk is full"))
        let free = PipFailure.error(lines: lines, status: 1, freeBytes: nil, on: "/venv")
        #expect(free.code == .networkFailed)
    }

    @Test func sizesAreReadable() {
        #expect(ByteCount.approximate(186_073_088) == "186 MB")
        #expect(ByteCount.approximate(999_600_000) == "1.0 GB")
        #expect(ByteCount.approximate(6_240_000_000) == "6.2 GB")
    }
}
