/// Numbers of bytes as text for people.
package enum ByteCount {
    /// Three or four digits and a unit of 1000: "512 B", "99.2 MB", "1.34 GB".
    package static func text(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return "\(bytes) B" }
        let units: [(size: Int, name: String, digits: Int)] = [
            (1_000_000_000, "GB", 100), (1_000_000, "MB", 10), (1000, "kB", 1),
        ]
        for unit in units where bytes >= unit.size {
            // Rounded down, so that what is not all there never looks so.
            let parts = bytes / (unit.size / unit.digits)
            let (whole, rest) = (parts / unit.digits, parts % unit.digits)
            if unit.digits == 1 { return "\(whole) \(unit.name)" }
            let padding = unit.digits == 100 && rest < 10 ? "0" : ""
            return "\(whole).\(padding)\(rest) \(unit.name)"
        }
        return "\(bytes) B"
    }

    /// An estimate in two or three digits, at least a megabyte: "214 MB", "6.0 GB".
    package static func approximate(_ bytes: Int) -> String {
        if bytes < 999_500_000 { return "\((bytes + 500_000) / 1_000_000) MB" }
        let tenths = (bytes + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
