/// Columns side by side.
enum TextTable {
    /// Rows of cells as lines; every column is as wide as its widest cell.
    static func lines(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                // Nothing follows the last cell.
                let padding = column == row.count - 1 ? 0 : widths[column] - cell.count
                return cell + String(repeating: " ", count: padding)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
