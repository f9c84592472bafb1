import Files
import SystemPackage
import TestSupport
import Testing

/// Languages and time zones change neither what is written nor how it is read.
@Suite struct LocaleTests {
    @Test func resultsAreTheSameEverywhere() async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48))
        var first: [String: [UInt8]]?
        for (locale, zone) in [
            ("C", "UTC"), ("tr_TR.UTF-8", "Asia/Kathmandu"), ("de_DE.UTF-8", "America/St_Johns"),
            ("fa_IR.UTF-8", ":/dev/zero"), ("ja_JP.eucJP", "../../etc/passwd"), ("nonsense", "x"),
        ] {
            let place = folder[locale]
            let result = try await Program.run(
                "sh",
                [
                    "-c",
                    """
                    "$0" masks saliency -i clip.mp4 -o "$1/masks" --quiet &&
                    "$0" export -i clip.mp4 --start 0.25 --duration 0.5 --name I --to "$1/clips" \\
                        --label "ıI" --quiet && "$0" library list --csv >"$1/list.csv"
                    """, Program.eightCut.string, place.string,
                ],
                environment: [
                    "LC_ALL": locale, "LANG": locale, "LANGUAGE": locale, "TZ": zone,
                    "EIGHTCUT_HOME": place.appending("home").string,
                ],
                in: folder.path
            )
            #expect(result.status == 0, "\(locale): \(result.errors)")

            var content = try MaskSet.content(of: place.appending("masks"))
            let list = try MaskSet.bytes(of: place.appending("list.csv"))
            let dataset = try MaskSet.bytes(of: place.pushing("clips/dataset.json"))
            content["list"] = Array(
                String(decoding: list, as: UTF8.self).replacing(place.string, with: "").utf8
                    .filter { !(0x30...0x39).contains($0) }
            )
            content["dataset"] = dataset
            first = first ?? content
            #expect(content == first, "\(locale), \(zone)")
        }
    }
}
