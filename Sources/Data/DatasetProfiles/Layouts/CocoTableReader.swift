import Diagnostics
import Files

/// The images and annotations of a COCO table, and what pycocotools would stumble over in them.
struct CocoTableReader {
    /// An image of the table.
    struct Image {
        let file: String
        /// Columns and rows.
        let width, height: Int
        let line: Int
        /// The video that it is a frame of; nil for none.
        let video: Int?
    }

    private(set) var images: [Int: Image] = [:]
    /// The numbers of the images, in the order of the table.
    private(set) var order: [Int] = []
    /// The annotations of each image.
    private var annotations: [Int: [LocatedJSON]] = [:]
    private var categories: [Int: String] = [:]
    /// Annotations of no image.
    private(set) var strays: [LocatedJSON] = []

    init(_ json: LocatedJSON) {
        for item in json["images"]?.items ?? [] {
            guard let id = item["id"]?.integer, let file = item["file_name"]?.string else {
                continue
            }
            images[id] = Image(
                file: file,
                width: item["width"]?.integer ?? 0,
                height: item["height"]?.integer ?? 0,
                line: item.line,
                video: item["video_id"]?.integer
            )
            order.append(id)
        }
        for item in json["categories"]?.items ?? [] {
            guard let id = item["id"]?.integer else { continue }
            categories[id] = item["name"]?.string ?? ""
        }
        for item in json["annotations"]?.items ?? [] {
            guard let image = item["image_id"]?.integer, images[image] != nil else {
                strays.append(item)
                continue
            }
            annotations[image, default: []].append(item)
        }
    }

    /// Whether an image has annotations.
    func isAnnotated(_ image: Int) -> Bool { annotations[image] != nil }

    /// The label of the first object on an image; nil where there is none.
    func label(_ image: Int) -> String? {
        (annotations[image]?.first?["category_id"]?.integer).flatMap { categories[$0] }
    }

    /// What is wrong with the annotations of an image, as clauses.
    func faults(_ number: Int) -> [String] {
        guard let image = images[number] else { return [] }
        return (annotations[number] ?? []).compactMap { item in
            fault(item, image).map { why in
                let number = item["id"]?.integer.map { "annotation \($0)" }
                return "\(number ?? "the annotation of line \(item.line)") \(why)"
            }
        }
    }

    private func fault(_ item: LocatedJSON, _ image: Image) -> String? {
        guard let category = item["category_id"]?.integer, categories[category] != nil else {
            return "has a category that the table does not have"
        }
        guard let mask = item["segmentation"] else { return "has no segmentation" }
        if let polygons = mask.items {
            let isWhole = polygons.allSatisfy { polygon in
                let places = polygon.items ?? []
                return places.count >= 6 && places.count % 2 == 0
                    && places.allSatisfy { $0.number != nil }
            }
            return isWhole && !polygons.isEmpty ? nil : "has no polygons of three points and more"
        }
        let size = (mask["size"]?.items ?? []).map { $0.integer ?? 0 }
        guard size == [image.height, image.width] else {
            let text = size.map(String.init).joined(separator: " and ")
            return "is of \(text) rows and columns, and the image of \(image.height) and "
                + "\(image.width)"
        }
        guard let runs = runs(mask["counts"]) else { return "has no run lengths" }
        guard runs.total == image.width * image.height else {
            return "has run lengths of \(runs.total) pixels, and the image \(image.width)x"
                + "\(image.height)"
        }
        guard let area = item["area"]?.number, Int(area) != runs.area else { return nil }
        return "says that its area is \(Int(area)), and its run lengths have \(runs.area) pixels"
    }

    /// As a text, or as a list of numbers.
    private func runs(_ counts: LocatedJSON?) -> RunLengths? {
        if let text = counts?.string { return RunLengths(text: text) }
        let numbers = counts?.items?.map { $0.integer ?? -1 }
        return numbers.flatMap {
            $0.allSatisfy { (0..<1 << 40).contains($0) } ? RunLengths($0) : nil
        }
    }
}
