/// The name that somebody may have meant.
///
/// - Parameters:
///   - name: what was written.
///   - names: what could have been.
/// - Returns: the first of those that fewest changes lead to; nil when that is more than two, or
///   than half of the name.
func nearest(to name: String, among names: [String]) -> String? {
    // Names longer than this are not like any.
    let letters = Array(name.lowercased().prefix(40))
    let limit = min(2, letters.count / 2)
    let distances = names.map { (name: $0, changes: changes(from: letters, to: Array($0))) }
    guard let best = distances.min(by: { $0.changes < $1.changes }), best.changes <= limit else {
        return nil
    }
    return best.name
}

/// How many letters must be put in, taken out or replaced (Levenshtein 1966).
private func changes(from old: [Character], to new: [Character]) -> Int {
    var row = Array(0...new.count)
    for (count, letter) in old.enumerated() {
        var corner = row[0]
        row[0] = count + 1
        for column in new.indices {
            let replaced = corner + (letter == new[column] ? 0 : 1)
            corner = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, corner + 1)
        }
    }
    return row[new.count]
}
