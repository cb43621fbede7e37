import { stem } from '../../lib/stem.ts'

/**
 * What people call in one word what APIs call in another, field of work by field of work: each line means one thing. Written
 * by hand; a word that means too many things stands nowhere, and of a line only what an API is not called by itself is taken
 * for what it is called by.
 */
export const SAME_NOUNS = lines(`
customer client buyer shopper
purchase order
cart basket
product item merchandise
invoice bill
shipment parcel package delivery consignment
inventory stock
coupon voucher promo discount
supplier vendor
merchant seller
payment transaction
payout withdrawal
refund reimbursement
subscription membership
employee staff worker colleague personnel
job position vacancy opening
candidate applicant
salary wage pay
leave vacation holiday absence
manager boss supervisor
department division
company organization firm business
meeting appointment
reservation booking
accommodation lodging hotel
guest visitor
issue bug defect
ticket case
task todo chore
comment remark
folder directory
document file
repository repo
server machine instance vm
notification alert alarm
vehicle car automobile
store shop
doctor physician
medication medicine drug med
illness disease
student pupil learner
teacher instructor tutor
course class
grade mark
author writer
rating score vote
dish meal recipe
article story
venue place location
city town
country nation
game match fixture
player athlete
league competition tournament
standings leaderboard
quote quotation saying
film movie
song track tune
artist singer musician band
podcast show
image picture photo photograph
logo emblem
biography bio
actor actress
phone telephone mobile
device speaker
workspace tenant
hold reservation
fine penalty fee
patron borrower
waitlist queue
registration signup enrollment enrolment
trainer coach instructor
deal opportunity
pipeline funnel
lead prospect
quote estimate proposal
trip journey
traveller traveler passenger
flight plane airplane
luggage baggage suitcase
airline carrier
review opinion critique
host presenter
chapter section
chart ranking
category genre
concert gig
restaurant diner
apartment flat
tenant renter
rent rental
beneficiary payee
shift roster
timesheet timecard
payslip paycheck
vaccine vaccination jab
commit changeset
deployment rollout
certificate cert
incident outage
thermostat heating
lamp light bulb
camera webcam
animal pet
donation contribution
donor giver
volunteer helper
warehouse depot
driver courier
permit licence license
survey questionnaire
photo snapshot selfie
video clip
earthquake quake
`)

/** What merely may mean the same: enough to look for a thing by, or to give it something, not to take it away. */
export const ALIKE_NOUNS = lines(`
task ticket bug defect
event meeting appointment
user person profile
`)

/** The same for what is done. */
export const SAME_VERBS = lines(`
reject decline refuse deny
approve accept
hire recruit
terminate dismiss fire
reboot restart
pause suspend
resume continue
block ban
move transfer relocate
publish post
verify validate
merge combine
convert exchange
calculate compute
enroll register
remind notify
delete erase
cancel kill axe
attach upload
mute silence
save favorite favourite bookmark
renew extend prolong
hold reserve
waive forgive
reschedule postpone
subscribe follow
unsubscribe unfollow
review rate
assign allocate
resolve solve
restore recover undelete
duplicate clone copy
ship dispatch
refund reimburse
donate contribute
adopt rehome
water irrigate
revert rollback
`)

/** What a deed is called where it is one of several choices, by the stem of its verb: `turn_off`, `off`. */
export const SWITCHED: Readonly<Record<string, readonly string[]>> = {
  [stem('disable')]: ['off', stem('deactivate')],
  [stem('enable')]: ['on', stem('activate')],
}

function lines(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
}
