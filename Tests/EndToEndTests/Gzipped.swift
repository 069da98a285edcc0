import Foundation
import Support

extension Data {
    /// Compressed by gzip(1), which shares no code with ours.
    func gzipped() throws -> Data {
        let folder = try ScratchDirectory()
        let path = folder.path + "/content"
        try write(to: URL(fileURLWithPath: path))
        try Command("gzip", ["-n", path]).output()
        return try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
    }
}
