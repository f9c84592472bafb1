import SystemPackage

/// What a clip is found by.
enum ClipText {
    /// The names of the clip and its source, its label and its category, in small letters.
    static func make(path: String, source: String, label: String?, category: String?) -> String {
        let names = [path, source].map { FilePath($0).lastComponent?.string ?? "" }
        return (names + [label ?? "", category ?? ""]).joined(separator: "\n").lowercased()
    }
}
