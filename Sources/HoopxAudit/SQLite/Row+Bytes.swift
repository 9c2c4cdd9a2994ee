import FoundationEssentials
import GRDB

extension Row {
    /// A blob; nil for NULL.
    func bytes(_ column: String) -> [UInt8]? { (self[column] as Data?).map { Array($0) } }
}
