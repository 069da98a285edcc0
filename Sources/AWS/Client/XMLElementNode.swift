internal import Foundation

#if canImport(FoundationXML)
    internal import FoundationXML
#endif

/// An element of a small XML document: its name, its text, its children.
final class XMLElementNode {
    let name: String
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XMLElementNode] = []

    fileprivate init(name: String) { self.name = name }

    /// The root of a document; nil where the bytes are not well-formed XML.
    convenience init?(parsing bytes: [UInt8]) {
        let builder = XMLTreeBuilder()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = builder
        guard !bytes.isEmpty, parser.parse(), let root = builder.root.children.first else {
            return nil
        }
        self.init(name: root.name)
        text = root.text
        children = root.children
    }

    /// The first child of that name.
    subscript(name: String) -> XMLElementNode? { children.first { $0.name == name } }

    /// All children of that name.
    func all(_ name: String) -> [XMLElementNode] { children.filter { $0.name == name } }
}

private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
    let root = XMLElementNode(name: "")
    private var open: [XMLElementNode] = []

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?, attributes attributeDict: [String: String] = [:]
    ) {
        let node = XMLElementNode(name: elementName)
        (open.last ?? root).children.append(node)
        open.append(node)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        open.last?.text += string
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?
    ) {
        _ = open.popLast()
    }
}

/// Text as it stands between two tags.
func xmlEscaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
        switch character {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        default: escaped.unicodeScalars.append(character)
        }
    }
    return escaped
}
