import Testing

@testable import Feeds

struct SDDSNoticeTests {
    @Test(arguments: [
        "BillingEventFeed_V1", "billingeventfeed_v1", "[BillingEventFeed]", "<Billing Event Feed>",
        "Billing-Event-Feed", "Billing–Event Feed_V1", " {BillingEventFeed_V1} ",
        "BILLING_EVENT_FEED_V1",
    ])
    func feedTypeIsFolded(_ type: String) {
        #expect(FeedListing(feedType: type)?.feed == "billingeventfeed")
    }

    @Test func versionsAreToldApart() {
        #expect(FeedListing.fold("AccountFeed_V2") != FeedListing.fold("AccountFeed_V1"))
    }

    @Test(arguments: ["", "[]", "_V1", "–"]) func feedTypeWithoutANameIsUnknown(_ type: String) {
        let notification = Notification.parse(notice("COMPLETED", "[]", type))
        #expect(notification.kind == .unknown)
        #expect(notification.reason == "feedType of an SDDS notice names no feed")
    }

    @Test(arguments: [
        ("SKIPPED", false, false), (" skipped ", false, false), ("COMPLETED", false, true),
        ("Completed", false, true), ("FAILED", true, true), ("RETRYING", true, true),
    ])
    func statusDecides(_ status: String, _ isAlarming: Bool, _ isListed: Bool) {
        let notification = Notification.parse(notice(status, "[]"))
        #expect(notification.kind == .sddsNotice)
        #expect(notification.isAlarming == isAlarming)
        #expect((notification.listing != nil) == isListed)
    }

    @Test(arguments: [
        #""A_V1/year=2026/month=09/data.csv""#,
        #""s3://b/A_V1/year=2026/month=09/data.csv""#,
        #""arn:aws:s3:::b/A_V1/year=2026/month=09/data.csv""#,
        #"{"key":"A_V1/year=2026/month=09/data.csv","bucket":"b"}"#,
        #"{"S3Key":" A_V1/year=2026/month=09/data.csv"}"#,
        #"{"file_name":"A_V1/year=2026/month=09/data.csv","rows":4}"#,
        #"{"name":"data.csv","path":"A_V1/year=2026/month=09/data.csv"}"#,
        #"{"s3Location":{"bucketName":"b","key":"A_V1/year=2026/month=09/data.csv"}}"#,
    ])
    func processedFileIsPointedAt(_ element: String) {
        let notification = Notification.parse(notice("COMPLETED", "[\(element)]"))
        #expect(notification.pointers.map(\.key) == ["A_V1/year=2026/month=09/data.csv"])
        #expect(notification.listing == nil)
    }

    @Test(arguments: [
        #""s3://b/A_V1/year=2026/data.csv""#, #""arn:aws:s3:::b/A_V1/year=2026/data.csv""#,
        #"{"key":"A_V1/year=2026/data.csv","bucket":"b"}"#,
        #"{"bucketName":"b","location":{"key":"A_V1/year=2026/data.csv"}}"#,
    ])
    func bucketOfAProcessedFileIsTaken(_ element: String) {
        let notification = Notification.parse(notice("COMPLETED", "[\(element)]"))
        #expect(notification.pointers.map(\.location) == ["s3://b/A_V1/year=2026/data.csv"])
    }

    @Test func encodedProcessedFileKeepsBothReadings() {
        let key = "A_V1/year%3D2026/month%3D09/data.csv"
        let pointer = Notification.parse(notice("COMPLETED", #"["\#(key)"]"#)).pointers.first
        #expect(pointer?.key == key)
        #expect(pointer?.otherKey == "A_V1/year=2026/month=09/data.csv")
    }

    @Test(arguments: [
        "[]", "null", "{}", #""x""#, "[1]", "[null]", "[{}]", #"["data.csv"]"#, #"["a/b.txt"]"#,
        #"[{"key":7}]"#, #"["A_V1/year=2026/month=09/data.csv", 3]"#,
    ])
    func filesThatAreNotNamedAreListed(_ files: String) {
        let notification = Notification.parse(notice("COMPLETED", files))
        #expect(notification.kind == .sddsNotice)
        #expect(notification.listing == FeedListing(feedType: "A_V1"))
    }

    @Test(arguments: ["FAILED", "PARTIAL"]) func failureIsListedThoughItNamesFiles(_ status: String)
    {
        let notification = Notification.parse(notice(status, #"["A_V1/year=2026/data.csv"]"#))
        #expect(notification.pointers.count == 1)
        #expect(notification.listing != nil)
    }

    @Test func failureTellsItsFirstError() throws {
        let notification = Notification.parse(try NotificationFixture("sdds-failed").body)
        #expect(notification.summary.hasSuffix("no permission to write to the bucket"))
    }

    private func notice(_ status: String, _ files: String, _ feed: String = "A_V1") -> String {
        #"{"executionStatus":"\#(status)","feedType":"\#(feed)","processedFiles":\#(files)}"#
    }
}

struct CASNoticeTests {
    @Test(arguments: ["true", #""true""#, #""True""#, #"" TRUE ""#])
    func truthIsWrittenInSeveralWays(_ success: String) throws {
        let notification = Notification.parse(try notice(success: success))
        #expect(notification.kind == .casNotice)
        #expect(!notification.isAlarming)
        #expect(notification.pointers.map(\.isMetadata) == [false, true])
    }

    @Test(arguments: ["false", #""false""#, #""False""#])
    func failurePointsAtNothing(_ success: String) throws {
        let notification = Notification.parse(try notice(success: success))
        #expect(notification.kind == .casNotice)
        #expect(notification.isAlarming)
        #expect(notification.pointers.isEmpty)
    }

    @Test(arguments: ["1", "null", #""yes""#, "{}"])
    func otherSuccessIsUnknown(_ success: String) throws {
        let notification = Notification.parse(try notice(success: success))
        #expect(notification.kind == .unknown)
        #expect(notification.messageID == "a3c0f6de-2b71-4a38-8a10-0e3d5c9b7f42")
    }

    @Test func failureTellsItsReasonOnOneLine() {
        let body =
            #"{"dataSetRequestId":"r","success":false,"message":"no\ndata\u001b[31m \u202efor it"}"#
        #expect(Notification.parse(body).summary == "CAS data set failed: no data [31m  for it")
    }

    private func notice(success: String) throws -> String {
        try NotificationFixture("cas-success").body
            .replacing(#""success": true"#, with: #""success": \#(success)"#)
    }
}

struct MarketplaceEventTests {
    @Test func bothSpellingsAndBlanksAreRead() throws {
        let newer = Notification.parse(try NotificationFixture("saas-entitlement-updated").body)
            .event
        let older = Notification.parse(try NotificationFixture("saas-older-spelling").body).event
        #expect(newer?.action == "entitlement-updated")
        #expect(older?.action == "unsubscribe-pending")
        for event in [newer, older] {
            #expect(event?.productCode == "4ab1cd2ef3gh5ij6kl7mn8op9")
            #expect(event?.customerIdentifier == "X01EXAMPLEX")
            #expect(event?.isFreeTrial == nil)
        }
    }

    @Test(arguments: [(#""true""#, true), ("true", true), (#""false""#, false), ("false", false)])
    func freeTrialIsTextOrBoolean(_ value: String, _ isFreeTrial: Bool) throws {
        let body = try NotificationFixture("saas-subscribe-success").body
            .replacing(#""true""#, with: value)
        let event = try #require(Notification.parse(body).event)
        #expect(event.isFreeTrial == isFreeTrial)
        #expect(event.offerID == "offer-abcexample123")
    }

    @Test func licenseEventNamesLicenceAndCustomer() throws {
        let body = try NotificationFixture("eventbridge-license-updated").body
        let event = try #require(Notification.parse(body).event)
        #expect(event.productCode == "4ab1cd2ef3gh5ij6kl7mn8op9")
        #expect(event.customerAccountID == "123456789012")
        #expect(event.licenseARN?.hasSuffix("license:l-0123456789abcdef0123456789abcdef") == true)
        #expect(event.agreementID == "agmt-1234567890example0987654321")
    }

    @Test(arguments: ["Disbursement Paused", "disbursement – paused", "Disbursement-Paused"])
    func detailTypesAreFolded(_ type: String) throws {
        let body = try NotificationFixture("eventbridge-disbursement-paused")
            .changed { $0["detail-type"] = type }
        #expect(Notification.parse(body).isAlarming)
    }
}
