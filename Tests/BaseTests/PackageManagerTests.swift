import Processes
import Testing

/// What errors advise where a program is missing.
@Suite struct PackageManagerTests {
    @Test(arguments: [
        ("ID=debian\n", "sudo apt install ffmpeg"),
        (
            "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            "sudo apt install ffmpeg"
        ),
        ("ID=fedora\nVARIANT_ID=workstation\n", "sudo dnf install ffmpeg-free"),
        (
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            "sudo dnf install epel-release && sudo dnf install ffmpeg-free"
        ), ("ID=manjaro\nID_LIKE=arch\n", "sudo pacman -S ffmpeg"),
        ("ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", "sudo zypper install ffmpeg"),
        ("ID=alpine", "apk add ffmpeg"), ("ID='gentoo'", "sudo emerge media-video/ffmpeg"),
        ("ID=void", "sudo xbps-install ffmpeg"), ("ID=nixos", "nix-shell -p ffmpeg"),
    ])
    func theCommandIsTheDistributions(osRelease: String, command: String) {
        let user = PackageManager(osRelease: osRelease, isRoot: false)
        #expect(user.command(for: .ffmpeg) == command)
        let advice = user.advice(on: .ffmpeg).english
        #expect(advice.hasPrefix("Install FFmpeg: \(command)\nWithout root"))
        #expect(advice.contains("EIGHTCUT_FFMPEG"))
        let root = PackageManager(osRelease: osRelease, isRoot: true)
        #expect(root.command(for: .ffmpeg) == command.replacing("sudo ", with: ""))
    }

    @Test func pythonAndCurlHaveTheirNames() {
        let debian = PackageManager(osRelease: "ID=ubuntu", isRoot: false)
        #expect(debian.command(for: .python) == "sudo apt install python3 python3-venv")
        #expect(debian.command(for: .curl) == "sudo apt install curl")
        let arch = PackageManager(osRelease: "ID=arch", isRoot: true)
        #expect(arch.command(for: .python) == "pacman -S python")
    }

    @Test(arguments: [nil, "", "ID=plan9\n", "ID_LIKE=\n", "VERSION_ID=debian\n"])
    func anotherSystemGetsNoWrongCommand(osRelease: String?) {
        let system = PackageManager(osRelease: osRelease, isRoot: false)
        for program in InstallableProgram.allCases {
            #expect(system.command(for: program) == nil)
            #expect(system.advice(on: program).english.contains("the system's package manager"))
        }
    }

    @Test func whereX264IsMissingAnotherFFmpegIsNamed() {
        let sources = ["ID=fedora", "ID=opensuse-leap", "ID=debian"].map {
            PackageManager(osRelease: $0, isRoot: false).sourceOfX264?.english
        }
        #expect(sources[0]?.contains("rpmfusion") == true)
        #expect(sources[1]?.contains("packman") == true)
        #expect(sources[2] == nil)
    }
}
