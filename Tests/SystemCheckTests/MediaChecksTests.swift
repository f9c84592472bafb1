import Processes
import SystemCheck
import Testing

/// What is made of what ffmpeg says of itself, and of the machine.
@Suite struct MediaChecksTests {
    private func output(_ version: String, libavutil: String) -> String {
        """
        ffmpeg version \(version) Copyright (c) 2000-2026 the FFmpeg developers
        built with gcc 12 (Debian 12.2.0-14+deb12u1)
        libavutil      \(libavutil) / \(libavutil)
        libavcodec     59. 37.100 / 59. 37.100
        """
    }

    @Test(arguments: [
        ("4.3.7-0+deb11u1", "56. 51.100", false, false),
        ("4.4.2-0ubuntu0.22.04.1", "56. 70.100", true, false),
        ("5.0.3", "57. 17.100", true, false),
        ("5.1.9-0+deb12u1", "57. 28.100", true, false), ("6.0", "58.  2.100", true, false),
        ("6.1.1-3ubuntu5", "58. 29.100", true, true), ("n7.1", "59. 39.100", true, true),
        ("N-121257-g1a2b3c", "60. 13.100", true, true),
    ])
    func aVersionIsKnownByItsLibraries(
        name: String,
        libavutil: String,
        isNewEnough: Bool,
        countsLastFrame: Bool
    ) throws {
        let version = try #require(FFmpegVersion(output(name, libavutil: libavutil)))
        #expect(version.text == name)
        #expect(version.isNewEnough == isNewEnough && version.countsLastFrame == countsLastFrame)
    }

    @Test(arguments: ["", "ffmpeg", "ffmpeg version 5.1", "bash: ffmpeg: not found\n"])
    func whatIsNoVersionIsNone(text: String) { #expect(FFmpegVersion(text) == nil) }

    @Test func aMissingEncoderIsNamed() {
        let there: Set = ["aac", "png", "pcm_s16le", "pcm_f32le", "rawvideo", "libwebp", "mjpeg"]
        let finding = FFmpegNeeds.encoders.finding(there)
        #expect(finding.status == .missing && finding.value == "this ffmpeg has no libx264")
        #expect(finding.remedy?.contains("EIGHTCUT_FFMPEG") == true)
        let less = FFmpegNeeds.encoders.finding(there.union(["libx264"]))
        #expect(less.status == .note && less.value.contains("ffv1 (for 8cut verify)"))
        #expect(FFmpegNeeds.encoders.finding(there.union(["libx264", "ffv1"])).status == .ok)
    }

    @Test func oneOfSeveralDecodersIsEnough() {
        let there: Set = [
            "png", "rawvideo", "pcm_s16le", "h264", "hevc", "vp9", "prores", "aac", "opus",
            "mp3float",
        ]
        #expect(FFmpegNeeds.decoders.finding(there).value.contains("av1 or libdav1d (for AV1)"))
        #expect(FFmpegNeeds.decoders.finding(there.union(["libdav1d"])).status == .ok)
    }

    @Test func theNamesOfAListAreItsSecondWords() {
        let list = """
            Filters:
              T.. = Timeline support
             TSC aap               AA->A      Apply Affine Projection algorithm.
             ... scale             V->V       Scale the input video size.
            """
        #expect(FFmpegNeeds.names(in: list).isSuperset(of: ["aap", "scale"]))
    }

    @Test func littleMemoryIsNoted() {
        #expect(MachineChecks.memory(8_000_000_000).status == .ok)
        #expect(MachineChecks.memory(1_000_000_000).status == .note)
        #expect(MachineChecks.memory(nil).status == .ok)
    }

    @Test func theThreadsOfModelsAreNamed() {
        let cpu = CPUFeatures(cpuinfo: "model name : X\nflags : avx2 avx512_vnni\n")
        #expect(
            MachineChecks.cores(8, threads: 16, cpu).value
                == "8 cores with 16 hardware threads: models use 8 threads"
        )
        let old = CPUFeatures(cpuinfo: "model name : X\nflags : avx2\n")
        #expect(
            MachineChecks.cores(1, threads: 1, old).value
                == "1 core: models use 1 thread; int8 gains little without VNNI"
        )
    }

    @Test func aMistypedVariableIsNoted() {
        let found = VariableChecks.findings(names: ["EIGHTCUT_FFMPGE", "EIGHTCUT_HOME", "PATH"])
        #expect(found.map(\.name) == ["EIGHTCUT_FFMPGE"] && found.first?.status == .note)
    }

    @Test func onlyWhatIsNeededCountsAsMissing() {
        let report = SystemReport([
            SystemFinding("a", .ok, ""), SystemFinding("b", .note, ""),
            SystemFinding("c", .missing, ""),
        ])
        #expect(report.missingCount == 1 && report.v == 1)
    }
}
