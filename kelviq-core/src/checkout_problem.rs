//! Problems that can be shown to a buyer.

/// A problem that can be shown to a buyer: why a checkout did not start or a page did not open.
///
/// Each problem has a stable code, an HTTP status and a message without internal details. The server and the browser
/// share this type, so an application can define its own messages in one place:
///
/// ```
/// use kelviq_core::CheckoutProblem;
///
/// fn message(problem: CheckoutProblem) -> String {
///     match problem {
///         CheckoutProblem::InvalidQuantity => "We sell 1 to 50 seats.".into(),
///         other => other.message().into(),
///     }
/// }
///
/// assert_eq!(CheckoutProblem::from_code("busy"), Some(CheckoutProblem::Busy));
/// assert_eq!(message(CheckoutProblem::InvalidQuantity), "We sell 1 to 50 seats.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckoutProblem {
    /// 404: the offer does not exist.
    UnknownOffer,
    /// 422: a quantity is not a number, or is outside the range that the offer allows.
    InvalidQuantity,
    /// 422: the discount code does not exist, has expired, or is not valid for the plan.
    InvalidDiscountCode,
    /// 422: a form field that the offer allows is too long, has control characters, or was sent twice with different texts.
    InvalidField,
    /// 413: the request body exceeds the size limit for forms.
    BodyTooLarge,
    /// 415: the request body is neither a form nor JSON, or it contains a file.
    UnsupportedBody,
    /// 422: the request body is malformed, or is JSON that is not an object of strings and integers.
    InvalidBody,
    /// 400: the request body is incomplete, or took longer than 10 s to arrive.
    UnreadableBody,
    /// 403: the request comes from another site.
    CrossSite,
    /// 405: a checkout is started, and the portal is opened, only by `POST`.
    MethodNotAllowed,
    /// 400: the shop has no public URL, and the request is not a direct request to loopback.
    WrongAddress,
    /// 400: the return page's URL has no checkout reference.
    MissingReference,
    /// 403: the application rejected the buyer.
    BuyerRefused,
    /// 409: the customer has a subscription already, so no second one is sold.
    AlreadySubscribed,
    /// 403: the customer's plan does not include a feature.
    FeatureNotIncluded,
    /// 404: the buyer is not a customer at Kelviq, so there is no portal.
    NoCustomer,
    /// 503: Kelviq is overloaded or temporarily unavailable.
    Busy,
    /// 504: Kelviq did not respond within the timeout.
    Timeout,
    /// 502: Kelviq cannot be reached, rejected the request, or returned an unexpected response.
    Upstream,
    /// 503: the browser could not reach the shop. Only client-side code reports this problem.
    Unreachable,
    /// 500: the application is misconfigured or made an invalid request.
    Internal,
}

impl CheckoutProblem {
    const ALL: [Self; 21] = [
        Self::UnknownOffer,
        Self::InvalidQuantity,
        Self::InvalidField,
        Self::InvalidDiscountCode,
        Self::BodyTooLarge,
        Self::UnsupportedBody,
        Self::InvalidBody,
        Self::UnreadableBody,
        Self::CrossSite,
        Self::MethodNotAllowed,
        Self::WrongAddress,
        Self::MissingReference,
        Self::BuyerRefused,
        Self::AlreadySubscribed,
        Self::FeatureNotIncluded,
        Self::NoCustomer,
        Self::Busy,
        Self::Timeout,
        Self::Upstream,
        Self::Unreachable,
        Self::Internal,
    ];

    /// Returns the problem with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.code() == code)
    }

    /// Returns the stable code for scripts, e.g. `unknown_offer`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownOffer => "unknown_offer",
            Self::InvalidQuantity => "invalid_quantity",
            Self::InvalidDiscountCode => "invalid_discount_code",
            Self::InvalidField => "invalid_field",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedBody => "unsupported_body",
            Self::InvalidBody => "invalid_body",
            Self::UnreadableBody => "unreadable_body",
            Self::CrossSite => "cross_site",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::WrongAddress => "wrong_address",
            Self::MissingReference => "no_reference",
            Self::BuyerRefused => "buyer_refused",
            Self::AlreadySubscribed => "already_subscribed",
            Self::FeatureNotIncluded => "feature_not_included",
            Self::NoCustomer => "no_customer",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Upstream => "upstream",
            Self::Unreachable => "unreachable",
            Self::Internal => "internal",
        }
    }

    /// Returns the HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::UnreadableBody | Self::WrongAddress | Self::MissingReference => 400,
            Self::CrossSite | Self::BuyerRefused | Self::FeatureNotIncluded => 403,
            Self::UnknownOffer | Self::NoCustomer => 404,
            Self::MethodNotAllowed => 405,
            Self::AlreadySubscribed => 409,
            Self::BodyTooLarge => 413,
            Self::UnsupportedBody => 415,
            Self::InvalidQuantity
            | Self::InvalidField
            | Self::InvalidDiscountCode
            | Self::InvalidBody => 422,
            Self::Internal => 500,
            Self::Upstream => 502,
            Self::Busy | Self::Unreachable => 503,
            Self::Timeout => 504,
        }
    }

    /// Returns the message for a buyer whose checkout did not start.
    pub fn message(self) -> &'static str {
        match self {
            Self::UnknownOffer => "This offer does not exist, or is no longer sold.",
            Self::InvalidQuantity => "This quantity is not available for this offer.",
            Self::InvalidField => "A text in the form is too long or has invalid characters.",
            Self::InvalidDiscountCode => {
                "This discount code is not valid for this offer, or has expired."
            }
            Self::BodyTooLarge => "The form is too large.",
            Self::UnsupportedBody | Self::InvalidBody => {
                "The form could not be read. Please check its fields and try again."
            }
            Self::UnreadableBody => "The form was not received completely. Please try again.",
            Self::CrossSite => "This request came from another site, so no checkout was started.",
            Self::MethodNotAllowed => {
                "A checkout is started with a button, not with a link. Please use the button in the shop."
            }
            Self::WrongAddress => "The shop cannot be reached at this address.",
            Self::MissingReference => {
                "This address belongs to no order. If you have just paid, your order is safe."
            }
            Self::BuyerRefused => {
                "This offer is not available to you. You may have to sign in first."
            }
            Self::AlreadySubscribed => {
                "You already have a subscription. You have not been charged."
            }
            Self::FeatureNotIncluded => "Your plan does not include this.",
            Self::NoCustomer => "You have no purchases to manage.",
            Self::Busy => {
                "The payment service is busy. You have not been charged; please try again later."
            }
            Self::Timeout => {
                "The payment service did not answer in time. You have not been charged; please try again in a moment."
            }
            Self::Unreachable => {
                "The shop did not answer. You have not been charged; please check your connection and try again."
            }
            Self::Upstream | Self::Internal => {
                "The checkout could not be started. You have not been charged; please try again later."
            }
        }
    }

    /// Returns the message for a customer whose portal did not open.
    pub fn portal_message(self) -> &'static str {
        match self {
            Self::CrossSite => {
                "This request came from another site, so the customer portal was not opened."
            }
            Self::MethodNotAllowed => {
                "Your purchases are opened with a button, not with a link. Please use the button in the shop."
            }
            Self::BuyerRefused => "Please sign in first.",
            Self::Busy => "The payment service is busy. Please try again later.",
            Self::Timeout => "The payment service did not answer. Please try again in a moment.",
            Self::Unreachable => {
                "The shop did not answer. Please check your connection and try again."
            }
            Self::WrongAddress
            | Self::MissingReference
            | Self::AlreadySubscribed
            | Self::FeatureNotIncluded
            | Self::NoCustomer => self.message(),
            _ => "Your purchases could not be opened. Please try again later.",
        }
    }
}
